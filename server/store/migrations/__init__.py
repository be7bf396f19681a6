"""The steps from an empty database to `tables.py`, oldest first. A step that was released is never edited.

Each is a Piccolo migration: a module with `ID` and `async def forwards() -> MigrationManager`, whose raw steps
`server.store.migrate` runs in one transaction on either engine. Piccolo's automatic steps are not used: on SQLite they fail
for anything but adding and dropping, and then block all later ones.
"""

from . import m0001_book, m0002_attachments, m0003_times, m0004_lists, m0005_postings, m0006_ledgers

STEPS = [m0001_book, m0002_attachments, m0003_times, m0004_lists, m0005_postings, m0006_ledgers]
