"""Steps of the projects tables."""
