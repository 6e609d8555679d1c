"""Runs: started as a row, claimed and executed by a worker, read as a report."""
