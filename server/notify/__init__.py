"""Web Push: tells people what was decided while the app is closed. It hands over a hint; the app pulls the rest."""
