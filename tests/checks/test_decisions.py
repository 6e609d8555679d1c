"""Every dependency of the project has its word in a decision, and decisions have one form."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from tests.checks.sources import ROOT

FORM = re.compile(
    r"# \d{4}: .+\n\n\*\*Context\.\*\* .+\n\n\*\*Decision\.\*\* .+\n\n\*\*Consequence\.\*\* .+\n", re.DOTALL
)
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
FAMILIES = {
    "@codemirror": "codemirror",
    "@intlify": "vue-i18n",
    "@lezer": "codemirror",
    "@types": "typescript",
    "types": "mypy",
    "lxml-stubs": "mypy",
}
WORDS = {
    "tailwindcss": "tailwind css",
    "@lucide/vue": "lucide",
    "reka-ui": "reka ui",
    "@vueuse/core": "vueuse",
}
WORDS |= {
    "@tanstack/vue-virtual": "tanstack virtual",
    "@vitejs/plugin-vue": "vite",
    "@tailwindcss/vite": "tailwind css",
}
WORDS |= {"pytest-django": "-django", "pytest-xdist": "-xdist", "pytest-timeout": "-timeout"}


def dependencies() -> list[str]:
    """List what the project asks of the two package indexes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    texts = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["web"]]
    texts += [text for group in project["dependency-groups"].values() for text in group]
    package = json.loads((ROOT / "frontend/package.json").read_text())
    return [re.split(r"[\[<>=~! ]", text)[0].lower() for text in texts] + [
        *package["dependencies"],
        *package["devDependencies"],
    ]


def word_for(dependency: str) -> str:
    """Say by which word a decision names a dependency."""
    family = dependency.partition("/")[0] if dependency.startswith("@") else dependency.partition("-")[0]
    return WORDS.get(dependency) or FAMILIES.get(dependency) or FAMILIES.get(family) or dependency


@pytest.mark.parametrize("dependency", dependencies())
def test_every_dependency_is_named_in_a_decision(dependency: str) -> None:
    text = "".join(path.read_text() for path in DECISIONS).lower()

    assert word_for(dependency) in text


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_context_decision_and_consequence(path: object) -> None:
    text = (ROOT / str(path)).read_text()

    assert FORM.fullmatch(text)
    assert len(text.split()) < 250, "half a page"
