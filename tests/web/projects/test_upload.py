"""Files and archives that mean no good, or are just too much."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hat.web.projects.transfer import upload as uploads
from hat.web.projects.transfer.upload import Upload, read_folder, read_upload
from tests.web.people import Asker
from tests.web.projects.uploads import LOGIN, upload, upload_zip, zipped


def opened(raw: bytes) -> Upload:
    return read_upload([("folder.zip", io.BytesIO(raw))])


def problem(read: Upload) -> str:
    (one,) = read.problems
    return str(one)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../up.yml",
        "a/../../up.yml",
        "C:/windows.yml",
        "a\\..\\b.yml",
        "x" * 500 + ".yml",
        "a\nb.yml",
    ],
)
def test_a_path_out_of_the_folder_is_refused_and_the_rest_is_read(path: str) -> None:
    read = opened(zipped({path: LOGIN, "good.yml": LOGIN}))

    assert list(read.files) == ["good.yml"]
    assert len(read.problems) == 1


def test_a_link_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("link.yml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    read = opened(packed.getvalue())

    assert read.files == {}
    assert "link" in problem(read)


def test_an_archive_that_unpacks_to_far_more_is_not_opened() -> None:
    read = opened(zipped({"bomb.yml": b"0" * 50_000_000}))

    assert read.files == {}
    assert "it was not opened" in problem(read)


def test_a_size_that_lies_is_not_believed() -> None:
    raw = bytearray(zipped({"a.yml": b"0" * 200_000}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = raw.index(mark) + place
        raw[start : start + 4] = (10).to_bytes(4, "little")

    read = opened(bytes(raw))

    assert len(read.problems) == 1


def test_a_thousand_small_archives_inside_are_just_files() -> None:
    inner = zipped({"a.yml": LOGIN})

    read = opened(zipped({"inner.zip": inner}))

    assert read.files == {"inner.zip": inner}


def test_an_encrypted_file_is_refused() -> None:
    raw = bytearray(zipped({"a.yml": LOGIN}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + place] |= 1

    assert "encrypted" in problem(opened(bytes(raw)))


@pytest.mark.parametrize("raw", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 500, zipped({"a.yml": LOGIN})[:-30]])
def test_a_broken_archive_is_one_problem(raw: bytes) -> None:
    assert "cannot be read" in problem(opened(raw))


def test_a_broken_file_inside_leaves_the_others() -> None:
    raw = bytearray(zipped({"a.yml": LOGIN * 20, "b.yml": LOGIN}))
    raw[60:70] = b"\xff" * 10

    read = opened(bytes(raw))

    assert list(read.files) == ["b.yml"]
    assert "cannot be unpacked" in problem(read)


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_FILES", 3)

    assert "more than 3" in problem(opened(zipped({f"{number}.yml": "" for number in range(4)})))


def test_the_whole_upload_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_TOTAL", 100)

    read = read_upload([(f"{number}.yml", io.BytesIO(b"x" * 60)) for number in range(3)])

    assert len(read.files) == 1
    assert len(read.problems) == 2


def test_leftovers_of_systems_are_left_out() -> None:
    files = {
        "__MACOSX/._a.yml": "",
        ".DS_Store": "",
        ".git/config": "",
        "node_modules/a.json": "{}",
        ".env": "A=1",
    }

    read = opened(zipped({**files}))

    assert list(read.files) == [".env"]
    assert read.problems == []


def test_names_from_a_chinese_windows_are_read() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xxxx.yml", LOGIN)
    raw = packed.getvalue().replace(b"xxxx", "登录".encode("gb18030"))

    assert list(opened(raw).files) == ["登录.yml"]


def test_a_link_in_a_folder_of_this_machine_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(LOGIN)
    (tmp_path / "link.yml").symlink_to("/etc/passwd")

    assert list(read_folder(tmp_path).files) == ["a.yml"]


def test_a_file_of_20_mb_is_one_problem_and_the_others_come_in(bob: Asker, project: Any) -> None:
    files: dict[str, str | bytes] = {"big.yml": b"x" * 20 * 1024 * 1024, "a.yml": LOGIN}

    report = upload(bob, project, files).json()

    assert [case["file"] for case in report["created"]] == ["a.yml"]
    assert [(one["file"], one["message"]) for one in report["problems"]] == [
        ("big.yml", "the file is larger than 10 MB")
    ]


def test_more_than_the_limit_of_the_installation_is_413(bob: Asker, project: Any, settings: Any) -> None:
    settings.HAT_MAX_UPLOAD = 1000

    answer = upload(bob, project, {"a.yml": b"x" * 2000})

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_yaml_that_multiplies_itself_is_refused(bob: Asker, project: Any) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{new}: &{new} [{', '.join(['*' + old] * 10)}]"
        for old, new in zip("abcdefg", "bcdefgh", strict=True)
    ]

    report = upload(
        bob, project, {"bomb.yml": "\n".join([*lines, "config: {name: x}", "teststeps: []"])}
    ).json()

    assert report["created"] == []
    assert "anchors" in report["problems"][0]["message"]


def test_a_zip_over_http_tells_its_problems(bob: Asker, project: Any) -> None:
    report = upload_zip(bob, project, zipped({"../up.yml": LOGIN, "a.yml": LOGIN})).json()

    assert len(report["created"]) == 1
    assert report["problems"][0]["file"] == "../up.yml"
