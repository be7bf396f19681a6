"""Where Piccolo's own tools look for the engine. It only works inside a transaction: see `server/store/piccolo_engine.py`."""

from server.store.piccolo_engine import ENGINE as DB

__all__ = ["DB"]
