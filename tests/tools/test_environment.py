"""Preparing explains in a sentence what stands in its way, and does nothing when all is current."""

from __future__ import annotations

import pytest

from tools import environment


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("npm error code ENOSPC", "the disk is full"),
        (
            "WARNING: Retrying ... NewConnectionError('Temporary failure in name resolution')",
            "no package server",
        ),
        ("ERROR: No matching distribution found for django==5.2.19", "no package server"),
        ("npm error code EAI_AGAIN", "no package server"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "its hash differs"),
        ("The virtual environment was not created because ensurepip is not available.", "venv module"),
    ],
)
def test_it_explains_the_cause(log: str, sentence: str) -> None:
    assert sentence in environment.explain(log)


def test_it_shows_the_last_lines_of_a_cause_it_does_not_know() -> None:
    log = "\n".join(f"line {number}" for number in range(100))

    explanation = environment.explain(log)

    assert "line 99" in explanation
    assert "line 80" not in explanation


def test_a_stamp_counts_only_for_the_files_it_was_made_from() -> None:
    assert environment.digest("run") != environment.digest("build")
    assert environment.digest("run") == environment.digest("run")
