"""Files into a project and out of it."""
