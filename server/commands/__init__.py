"""The commands of `daybook`, one file each. `server.cli` lists them; each is imported only when it is asked for."""
