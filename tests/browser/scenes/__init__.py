"""Every page and everything that opens above one, as places to go and what to press there."""
