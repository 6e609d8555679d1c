"""People: users, sign-in, tokens."""
