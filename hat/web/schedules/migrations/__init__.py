"""Steps of the schedules tables."""
