"""Every document for users is there in English and in Chinese, and each leads to the other."""

from __future__ import annotations

import re

import pytest

from tests.checks.sources import ROOT, files

CHINESE = sorted(name for name in files() if name.endswith(".zh-CN.md"))
FOR_BUILDERS = {"README.md", "architecture.md", "glossary.md"}


def pages() -> set[str]:
    """The documents for users, by their English names."""
    names = {name.removeprefix("docs/") for name in files() if re.fullmatch(r"docs/[\w-]+\.md", name)}
    return names - FOR_BUILDERS


def commands(text: str) -> list[str]:
    """The lines of the examples a shell gets, without comments."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = "\n".join(blocks).splitlines()
    return [line.split("#")[0].strip() for line in lines if "git clone" not in line]


def deviations(text: str) -> list[str]:
    """The rows about single files of HttpRunner, which stay English."""
    return [line for line in text.splitlines() if line.startswith("| own-")]


def english_links(text: str) -> set[str]:
    """The English documents for users it leads to, apart from its own twin."""
    links = re.findall(r"\[(?!English\])[^\]]*\]\((?:docs/)?([\w-]+\.md)\)", text)
    return set(links) & pages()


@pytest.mark.parametrize("page", sorted(pages()))
def test_a_document_for_users_is_there_in_chinese(page: str) -> None:
    assert f"docs/{page.removesuffix('.md')}.zh-CN.md" in CHINESE


@pytest.mark.parametrize("name", CHINESE)
def test_both_languages_lead_to_each_other(name: str) -> None:
    path = ROOT / name
    english = path.with_name(path.name.replace(".zh-CN", ""))

    assert f"[English]({english.name})" in path.read_text(encoding="utf-8")[:200]
    assert f"[简体中文]({path.name})" in english.read_text(encoding="utf-8")[:200]


@pytest.mark.parametrize("name", CHINESE)
def test_both_languages_say_the_same(name: str) -> None:
    chinese = (ROOT / name).read_text(encoding="utf-8")
    english = (ROOT / name.replace(".zh-CN", "")).read_text(encoding="utf-8")

    assert re.findall(r"^#+ ", chinese, re.MULTILINE) == re.findall(r"^#+ ", english, re.MULTILINE)
    assert commands(chinese) == commands(english)
    assert deviations(chinese) == deviations(english)


@pytest.mark.parametrize("name", CHINESE)
def test_a_chinese_document_leads_to_chinese_ones(name: str) -> None:
    assert english_links((ROOT / name).read_text(encoding="utf-8")) == set()


def test_it_notices_what_is_left_in_the_other_language() -> None:
    assert english_links("[English](cli.md), [中文](cli.zh-CN.md), [结果](docs/result-json.md)") == {
        "result-json.md"
    }
    assert commands("```sh\nhat run x   # why\n```") == ["hat run x"]
    assert deviations("| own-v2:a.yml | hr2 |\n| other |") == ["| own-v2:a.yml | hr2 |"]
