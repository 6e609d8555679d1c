"""hat run --explain answers "why is this value here", in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.terminal import ENGLISH, hat

FIVE = """\
dialect: hat
config:
  name: five layers
  variables: {user: config, size: 3, greeting: hello $user}
  parameters: {size: [4]}
teststeps:
- name: first
  request: {url: /api/items/1}
  extract: {user: body.item.category}
- name: second
  variables: {user: step}
  request: {url: /api/items, params: {search: $user, page_size: $size, greeting: $greeting, note: $note}}
- name: third
  request: {url: /api/items, params: {search: $user}}
- name: called
  testcase: inner.yml
"""
INNER = """\
dialect: hat
config: {name: inner, variables: {size: 5}}
teststeps:
- name: read
  request: {url: "/api/items?search=$user&page_size=$size"}
"""
IN_ENGLISH = """\
Running 1 case in staging

✓ five.yml: five layers [size=4]  N ms
    five.yml:7: first
    five.yml:10: second
      $user = "step"  from the step's variables at five.yml:11; it hides the answer of an earlier step,\
 the case's config, the environment staging
      $size = 4  from the row of parameters
      $greeting = "hello config"  from the case's config at five.yml:4
      $note = "cli"  from --var
    five.yml:13: third
      $user = "tea"  from the answer of step 'first'; it hides the case's config, the environment staging
    five.yml:15: called
      inner.yml:4: read
        $user = "tea"  from the step that calls the case; it hides the environment staging
        $size = 4  from the step that calls the case

1 passed of 1 case, 4 steps, 0 checks in N ms
"""
IN_CHINESE = """\
      $user = "step"  来自步骤的变量（five.yml:11）；覆盖了前面步骤的响应，用例的 config，环境 staging
      $size = 4  来自参数化的数据行
      $greeting = "hello config"  来自用例的 config（five.yml:4）
      $note = "cli"  来自 --var
"""


@pytest.fixture
def folder(tmp_path: Path, api: str) -> Path:
    """A case with five layers of variables."""
    (tmp_path / "debugtalk.py").touch()
    (tmp_path / "five.yml").write_text(FIVE)
    (tmp_path / "inner.yml").write_text(INNER)
    (tmp_path / ".env.staging").write_text(f"BASE_URL={api}\nuser=from-environment\n")
    return tmp_path


def explained(folder: Path, **env: str) -> str:
    """The output, its times made equal."""
    options = ("--env", "staging", "--var", "note=cli", "--explain")
    out = hat("run", "five.yml", *options, folder=folder, env={**ENGLISH, **env}).out
    return re.sub(r"Slowest:\n(?: .*\n)+\n", "", re.sub(r"\d+(?:\.\d+)? m?s\b", "N ms", out))


def test_every_value_says_who_gave_it_and_what_it_hides(folder: Path) -> None:
    assert explained(folder) == IN_ENGLISH


def test_it_says_so_in_chinese(folder: Path) -> None:
    assert IN_CHINESE in explained(folder, HAT_LANG="zh")
