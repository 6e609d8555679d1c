"""What start.py does: prepare the environment, run the platform, run the checks (standard library only)."""
