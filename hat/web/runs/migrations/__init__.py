"""Steps of the runs tables."""
