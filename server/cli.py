"""The `daybook` command. Without a command's name it serves."""

from __future__ import annotations

import importlib
from typing import Any

import click

from . import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("serve", "Serve the app and the API. What happens when no command is named."),
    "test": ("test", "Run every check and test; name some to run only those."),
    "import": ("import_files", "Bring in products, dealers, prices, stock or orders from CSV files."),
    "replay": ("replay", "Rebuild every decision and ledger from the log and compare."),
    "backup": ("backup", "Copy the database to a file while it is in use."),
    "restore": ("restore", "Put a backup in place, under a new epoch."),
    "migrate": ("migrate", "Bring the database's tables up to this version."),
    "demo": ("demo", "Fill an empty database with the demo network, or show its sign-ins."),
    "account": ("account", "Make a person's account, or set a password."),
    "enrol": ("enrol", "Make an enrolment link for a person's tablet."),
    "new-epoch": ("new_epoch", "Make every device offer again what it had acknowledged."),
    "schemas": ("schemas", "Write the JSON Schemas and TypeScript types anew from the documents."),
    "new-kind": ("new_kind", "Write the folders of a new kind of document, one on each side."),
    "openapi": ("openapi", "Print the OpenAPI description of the HTTP API."),
}
"""Name -> its module in `server.commands` (which has `command`), and its line in the help."""


class Commands(click.Group):
    """Finds a command's module when it is asked for: `daybook --help` need not import the server."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "-h", "--version")):
            args = ["serve", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"server.commands.{COMMANDS[name][0]}")
        found: click.Command = module.command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in COMMANDS.items()])


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Every option of a command may be given as a variable too: --port as DAYBOOK_PORT.",
)
@click.version_option(__version__, prog_name="daybook")
def main(**_: Any) -> None:
    """Daybook: dealer management for people who work where there is no signal."""


if __name__ == "__main__":
    main()
