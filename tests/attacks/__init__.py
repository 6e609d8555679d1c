"""Attacks on the process that runs a project's functions, and the trial of each with every set of layers."""
