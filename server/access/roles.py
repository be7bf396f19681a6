"""The roles and what belongs to each side. What a role may write is said by the kinds, what it may command by theirs."""

from __future__ import annotations

ADMINISTRATOR = "administrator"
HEADQUARTERS = frozenset({ADMINISTRATOR, "sales", "finance", "service"})
"""Work in a browser, signed in by a cookie, and may read everything."""

DEALER = frozenset({"owner", "staff"})
"""Work on a tablet, for one dealer."""

FIELD = DEALER | {"technician"}
"""Have devices: they hold a copy of their scopes and sync."""

ROLES = HEADQUARTERS | FIELD

ENROLLERS = frozenset({ADMINISTRATOR, "sales", "service"})
"""May hand out enrolment codes and revoke devices."""
