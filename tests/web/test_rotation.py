"""A new secret key: what was stored under the old one is stored under the new one, and nothing is lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from hat.error import HatError, UsageError
from tests.web.people import Asker

NEW = "the new key, long enough to be one, fifty characters"
OLD = "a key for tests, fifty characters long or even more"  # under which everybody signed in
WEB = Path(__file__).parents[2] / "hat/web"


@pytest.fixture
def environment(project: Any, alice: Asker) -> Any:
    """An environment with a secret and credentials, in a project with credentials, under the old key."""
    from hat.web.projects.models import Environment

    auth = {"type": "bearer", "token": "canary of the auth"}
    made = alice.post(
        f"/projects/{project.pk}/environments",
        {"name": "test", "secrets": {"KEY": "canary of the environment"}, "auth": auth},
    )
    assert made.status_code == 201, made.json()
    changed = alice.patch(f"/projects/{project.pk}", {"auth": auth})
    assert changed.status_code == 200, changed.json()
    channel = {"name": "Team", "kind": "webhook", "address": "https://hook.example/canary-of-the-channel"}
    made_too = alice.post(f"/projects/{project.pk}/channels", channel)
    assert made_too.status_code == 201, made_too.json()
    return Environment.objects.get(pk=made.json()["id"])


def values(environment: Any) -> list[str]:
    """The secrets in the clear, as a worker sees them."""
    from hat.web.alerts.delivery import destination_of
    from hat.web.alerts.models import Channel
    from hat.web.projects.credentials import opened
    from hat.web.projects.vault import secrets_of

    environment.refresh_from_db()
    pk = environment.project_id
    environment.project.refresh_from_db()
    carried = [opened(row.auth, project_id=pk) or {} for row in (environment, environment.project)]
    address = destination_of(Channel.objects.get()).address
    return [secrets_of(environment)["KEY"], *(auth["token"] for auth in carried), address]


CLEAR = [
    "canary of the environment",
    "canary of the auth",
    "canary of the auth",
    "https://hook.example/canary-of-the-channel",
]


def test_the_old_key_opens_while_it_is_changed(environment: Any, settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]

    assert values(environment) == CLEAR


def test_after_the_change_the_new_key_is_enough(environment: Any, settings: Any) -> None:
    from hat.web.rotation import rotate

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    done = rotate()

    assert (done.count, done.lost) == (4, [])
    settings.SECRET_KEY_FALLBACKS = []
    assert values(environment) == CLEAR
    settings.SECRET_KEY = OLD
    with pytest.raises(HatError, match="another secret key"):
        values(environment)


def test_deleted_environments_are_changed_too(environment: Any, alice: Asker, settings: Any) -> None:
    from hat.web.rotation import rotate

    alice.delete(f"/environments/{environment.pk}")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    rotate()
    settings.SECRET_KEY_FALLBACKS = []

    assert values(environment) == CLEAR


def test_what_no_key_opens_is_named_and_left(environment: Any, settings: Any) -> None:
    from hat.web.alerts.models import Channel
    from hat.web.rotation import rotate

    settings.SECRET_KEY = NEW

    done = rotate()

    assert done.count == 0
    assert done.lost == [
        f"secret 'KEY' of the environment 'test' ({environment.pk})",
        f"credentials of the environment 'test' ({environment.pk})",
        f"credentials of the project 'Shop' ({environment.project_id})",
        f"address of the channel 'Team' ({Channel.objects.get().pk})",
    ]
    settings.SECRET_KEY = OLD
    assert values(environment) == CLEAR


def test_it_knows_every_place_that_seals() -> None:
    """A new place needs its lines in rotation.py, and then its name here."""
    callers = {
        str(file.relative_to(WEB))
        for file in WEB.rglob("*.py")
        if re.search(r"(?<![\w.])seal\(", file.read_text().replace("def seal(", ""))
    }

    assert callers == {
        "alerts/delivery.py",
        "projects/vault.py",
        "projects/credentials.py",
        "projects/services/environments.py",
    }


def test_the_file_changes_and_the_old_key_stays_until_all_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hat.web import folder

    monkeypatch.setenv("HAT_DATA", str(tmp_path))
    monkeypatch.delenv("HAT_SECRET_KEY", raising=False)
    first = folder.private_text("secret.key")

    folder.change_secret_key()
    folder.change_secret_key()  # broken off and begun again

    second = folder.private_text("secret.key")
    assert (second != first, folder.old_secret_keys()) == (True, [first])
    for name in ("secret.key", "secret.key.old"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    folder.forget_old_secret_key()
    assert folder.old_secret_keys() == []


def test_a_key_in_the_environment_is_changed_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from hat.web import folder

    monkeypatch.setenv("HAT_DATA", str(tmp_path))
    monkeypatch.setenv("HAT_SECRET_KEY", NEW)
    with pytest.raises(UsageError, match="HAT_SECRET_KEY is set"):
        folder.change_secret_key()

    monkeypatch.setenv("HAT_SECRET_KEY_OLD", OLD)
    folder.change_secret_key()

    assert folder.old_secret_keys() == [OLD]
    assert list(tmp_path.iterdir()) == []


def test_a_key_file_others_can_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hat.web import folder

    monkeypatch.setenv("HAT_DATA", str(tmp_path))
    folder.private_text("secret.key")
    (tmp_path / "secret.key").chmod(0o640)

    with pytest.raises(UsageError, match="can be read by others"):
        folder.private_text("secret.key")
