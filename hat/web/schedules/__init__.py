"""Schedules: when to start a run by itself, and the clock that does it."""
