"""What the platform stands on in tests: a data folder and a database of their own, and a fast hash."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

_folder = tempfile.mkdtemp(prefix="hat-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["HAT_DATA"] = _folder
settings.SECRET_KEY = "a key for tests, fifty characters long or even more"
# A database of our own: a file, because threads that share one in memory lock each other out.
_on_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
_name = str(Path(_folder) / "test.sqlite3") if _on_sqlite else f"hat_test_{os.getpid()}"
settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = _name
# As `hat up` on one machine has it; tests of a server say otherwise.
settings.HAT_PRIVATE_TARGETS = True
# Argon2 is slow on purpose; tests sign in often.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
