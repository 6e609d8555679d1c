"""What happens to a project and what it owns."""
