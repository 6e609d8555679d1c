"""Alerts: what channels of a project are told about its runs and schedules, written down and then sent."""
