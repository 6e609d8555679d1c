"""Settings: read from the environment, documented, safe for a server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hat.error import UsageError
from hat.web import folder

ROOT = Path(__file__).parents[2]
READERS = ("settings.py", "folder.py", "database.py")


def check(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`check --deploy` in a process of its own, with this environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HAT_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy"],
        cwd=ROOT,
        env={**kept, "DJANGO_SETTINGS_MODULE": "hat.web.settings", "HAT_DATA": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("page", ["settings.md", "settings.zh-CN.md"])
def test_every_setting_is_documented(page: str) -> None:
    source = "".join((ROOT / "hat" / "web" / name).read_text() for name in READERS)
    read = set(re.findall(r'"(HAT_[A-Z_]+)"', source))

    assert read <= set(re.findall(r"`(HAT_[A-Z_]+)`", (ROOT / "docs" / page).read_text("utf-8")))


def test_behind_https_django_has_nothing_to_complain(tmp_path: Path) -> None:
    done = check(tmp_path, HAT_HTTPS="1")

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_the_secret_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    check(tmp_path)
    file = tmp_path / "secret.key"
    first = file.read_text()
    check(tmp_path)

    assert len(first) >= 50
    assert file.read_text() == first
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("environment", [{"HAT_MAX_UPLOAD_MB": "many"}, {"HAT_DATABASE_URL": "mysql://x/y"}])
def test_a_wrong_value_is_told_by_its_name(tmp_path: Path, environment: dict[str, str]) -> None:
    done = check(tmp_path, **environment)

    assert done.returncode != 0
    assert next(iter(environment)) in done.stderr.splitlines()[-1] + done.stderr


@pytest.mark.parametrize(
    "key",
    [
        "secret",
        "x" * 50,
        "ab" * 30,
        "the-same-fifty-random-characters-on-every-machine",
        "django-insecure-abcdefgh1234567890abcdefgh",
    ],
)
def test_a_key_that_others_know_starts_nothing(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAT_SECRET_KEY", key)
    monkeypatch.setenv("HAT_DATA", str(tmp_path))
    folder.secret_key.cache_clear()

    with pytest.raises(UsageError, match="others can guess this key"):
        folder.secret_key()


@pytest.mark.parametrize("command", ["serve", "work"])
def test_a_server_does_not_start_with_it(command: str, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HAT_")}
    started = subprocess.run(
        [sys.executable, "-m", "hat.web", command, "--data", str(tmp_path)],
        cwd=ROOT,
        env={**kept, "HAT_SECRET_KEY": "secret"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert started.returncode == 2
    assert "HAT_SECRET_KEY: others can guess this key" in started.stderr
