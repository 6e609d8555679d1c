"""hat run --explain answers "why is this value here" in Chinese, too; a golden case has it in English."""

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
IN_CHINESE = """\
      $user = "step"  来自步骤的变量（five.yml:11）
        覆盖 "tea"  来自步骤“first”的响应
        覆盖 "config"  来自用例的 config（five.yml:4）
        覆盖 "from-environment"  来自环境 staging
      $size = 4  来自参数化的数据行
        覆盖 3  来自用例的 config（five.yml:4）
      $greeting = "hello config"  来自用例的 config（five.yml:4），写作 hello $user
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


def test_it_says_so_in_chinese(folder: Path) -> None:
    assert IN_CHINESE in explained(folder, HAT_LANG="zh")
