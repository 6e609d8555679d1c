"""What a team tests: projects, modules, cases, environments, functions."""
