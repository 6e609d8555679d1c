"""In the front-end: pages over components over ui over lib and api; no page knows another page."""

from __future__ import annotations

import posixpath
import re

import pytest

from tests.checks.sources import ROOT, files

FLOORS = ("pages", "components", "ui", "lib", "api")
BESIDE = {"i18n"}  # texts: every floor may use them
IMPORT = re.compile(r"""(?:\bfrom|\bimport\(?)\s*['"](?P<target>(?:@|\.{1,2})/[^'"]+)['"]""")


def targets(name: str, text: str) -> list[str]:
    """Find what a source imports, as paths below frontend/src."""
    folder = posixpath.dirname(name)
    found = [match["target"] for match in IMPORT.finditer(text)]
    return [
        one.removeprefix("@/") if one.startswith("@/") else posixpath.normpath(posixpath.join(folder, one))
        for one in found
    ]


def upward_imports(name: str, text: str) -> list[str]:
    """Find imports of a higher floor, and of a page by a page."""
    floor = name.partition("/")[0]
    if floor not in FLOORS:
        return []
    start = min(FLOORS.index(floor) + (floor == "pages"), FLOORS.index("lib"))
    below = FLOORS[start:]
    return [f"{name}: {one}" for one in targets(name, text) if one.partition("/")[0] not in {*below, *BESIDE}]


def test_every_floor_of_the_pages_knows_only_the_floors_below() -> None:
    sources = [name for name in files() if re.fullmatch(r"frontend/src/.+\.(ts|vue)", name)]

    found = []
    for name in sources:
        text = (ROOT / name).read_text(encoding="utf-8")
        found += upward_imports(name.removeprefix("frontend/src/"), text)

    assert found == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pages/RunPage.vue", "import x from '@/pages/RunsPage.vue'"),
        ("pages/RunPage.vue", "import x from './RunsPage.vue'"),
        ("components/JsonTree.vue", "import('@/pages/RunsPage.vue')"),
        ("ui/UiButton.vue", "import x from '@/components/JsonTree.vue'"),
        ("lib/curl.ts", "import { y } from '../ui/field'"),
        ("api/client.ts", "import type { z } from '@/ui/field'"),
    ],
)
def test_it_notices_an_upward_import(name: str, text: str) -> None:
    assert upward_imports(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pages/RunPage.vue", "import x from '@/components/JsonTree.vue'\nimport { t } from '@/i18n'"),
        ("components/editor/StepEditor.vue", "import x from '../VarCell.vue'\nimport y from 'vue'"),
        ("router.ts", "import('@/pages/RunPage.vue')"),
    ],
)
def test_it_lets_downward_imports_pass(name: str, text: str) -> None:
    assert upward_imports(name, text) == []
