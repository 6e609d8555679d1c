"""A folder of HttpRunner files, and ways to send it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.people import Asker

LOGIN = """
config:
  name: Log in
  variables: {user: ann}
  export: [token]
teststeps:
- name: post
  request: {method: POST, url: /login, json: {user: $user}}
  extract: {token: body.token}
  validate:
  - eq: [status_code, 200]
"""
PAY = """
config: {name: Pay}
teststeps:
- {name: first, testcase: testcases/users/login.yml}
- {name: pay, request: {method: GET, url: /pay}}
"""
OLD = """
- config: {name: Old layout}
- test: {name: read, api: api/read.yml, validate: [{eq: [content.code, 0]}]}
"""
READ = """
name: read it
request: {method: GET, url: /read}
validate: [{eq: [status_code, 200]}]
"""
FOLDER = {
    "debugtalk.py": "def sign(): ...\n",
    ".env": "USERNAME=ann\nPASSWORD=canary-77\n# words\n",
    "api/read.yml": READ,
    "testcases/users/login.yml": LOGIN,
    "testcases/orders/pay.yml": PAY,
    "testcases/old.yml": OLD,
}


def zipped(files: dict[str, str | bytes], **fields: Any) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return packed.getvalue()


def upload(asker: Asker, project: Any, files: Mapping[str, str | bytes], **form: Any) -> Any:
    """The files as a browser sends a folder: names without folders, paths beside them."""
    sent = [SimpleUploadedFile(path, _raw(text)) for path, text in files.items()]
    body = {"files": sent, "paths": list(files), **form}
    return asker.client.post(f"/api/v1/projects/{project.pk}/import", body)


def upload_zip(asker: Asker, project: Any, raw: bytes) -> Any:
    file = SimpleUploadedFile("folder.zip", raw)
    return asker.client.post(f"/api/v1/projects/{project.pk}/import", {"files": file})


def _raw(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
