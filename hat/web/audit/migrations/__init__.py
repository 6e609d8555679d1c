"""Steps of the audit tables."""
