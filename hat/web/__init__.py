"""The platform: the second face of HAT, on Django."""
