# Recipes for `just`; each calls what start.py or the tools call, so nothing is known only here.

python := ".venv/bin/python"

# Make the environment with the development tools, and the pages.
setup:
    python3 start.py prepare --dev

# Everything CI runs.
check:
    python3 start.py test

# The Python tests, with options for pytest: just test -k login
test *options:
    python3 start.py test python {{options}}

# Formatting, imports, layers and sizes.
lint:
    python3 start.py test lint

# The types of Python and of the pages.
types:
    python3 start.py test types pages

# Mend what can be mended by a machine.
fix:
    {{python}} -m ruff check --fix
    {{python}} -m ruff format

# Write the files that are made from others: the tree in the docs, the API types of the pages.
generate:
    python3 start.py generate

# Make the pin files anew from pyproject.toml.
lock *options:
    python3 start.py lock {{options}}

# The platform on this machine.
serve *options:
    python3 start.py {{options}}

# The platform with reload and the pages by Vite, for work on HAT.
dev *options:
    python3 start.py dev {{options}}

# The platform with the demo project.
demo *options:
    python3 start.py demo {{options}}

# A benchmark: just bench suite
bench name *options:
    python3 start.py bench {{name}} {{options}}
