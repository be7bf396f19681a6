"""Daybook: dealer management for people who work where there is no signal."""

__version__ = "0.1.0"
