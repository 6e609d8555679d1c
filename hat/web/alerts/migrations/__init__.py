"""Steps of the alerts tables."""
