"""Every option of the platform's commands is in docs/cli.md, in both languages."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from hat.cli.main import PLATFORM

ROOT = Path(__file__).parents[2]
PAGES = ("cli.md", "cli.zh-CN.md")


@pytest.mark.parametrize("command", PLATFORM)
def test_the_options_of_a_command_are_documented(command: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "hat.web", command, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    options = set(re.findall(r"(--[a-z-]+)", shown.partition("options:")[2])) - {"--help"}

    missing = [
        (page, option)
        for page in PAGES
        for option in sorted(options)
        if f"`{option}" not in (ROOT / "docs" / page).read_text("utf-8")
    ]

    assert options
    assert missing == []
