"""Photos of entries: taken in by parts, made harmless, stored under their hash, shown to whoever sees their scope (docs/attachments.md)."""
