"""FACE 1: the command line."""
