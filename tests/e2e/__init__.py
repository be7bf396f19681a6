"""Daybook as people use it: the real server, the built app, real Chromium."""
