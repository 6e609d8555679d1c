"""Read HttpRunner 2, 3 and 4 files, and the cases of HAT itself, into Case."""
