"""python -m hat: the command line."""

from __future__ import annotations

from hat.cli.main import program

if __name__ == "__main__":
    program()
