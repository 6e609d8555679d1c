"""What runs inside the child process; standard library only, and nothing else of HAT."""
