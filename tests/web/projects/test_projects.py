"""Projects and their members."""

from __future__ import annotations

from typing import Any

from tests.web.people import Asker, get


def test_its_maker_owns_it(charlie: Asker) -> None:
    answer = charlie.post("/projects", {"name": '支付 / "quotes" <script>alert(1)</script> 🎩'})

    made = answer.json()
    assert answer.status_code == 201
    assert made["role"] == "owner"
    assert charlie.get(f"/projects/{made['id']}").json()["name"] == made["name"]


def test_the_list_shows_only_what_one_may_see(project: Any, carol: Asker, charlie: Asker) -> None:
    assert [item["name"] for item in carol.get("/projects").json()["items"]] == ["Shop"]
    assert charlie.get("/projects").json()["total"] == 0


def test_counts_do_not_multiply(alice: Asker, project: Any, make_case: Any) -> None:
    alice.post(f"/projects/{project.pk}/modules", {"name": "Second"})
    for name in ("a", "b", "c"):
        make_case(name)

    shown = alice.get("/projects").json()["items"][0]

    assert (shown["module_count"], shown["case_count"]) == (2, 3)


def test_renaming_a_project_orphans_nothing(alice: Asker, project: Any, make_case: Any) -> None:
    """Bug of the original: cases were tied to the name of their project."""
    case = make_case("Log in")

    alice.patch(f"/projects/{project.pk}", {"name": "Market"})

    assert alice.get(f"/cases/{case.pk}").json()["project_id"] == project.pk
    assert alice.get(f"/projects/{project.pk}/cases").json()["total"] == 1


def test_a_deleted_project_is_gone_and_comes_back_whole(alice: Asker, project: Any, make_case: Any) -> None:
    case = make_case("Log in")
    alice.delete(f"/projects/{project.pk}")

    assert alice.get(f"/projects/{project.pk}").status_code == 404
    assert alice.get(f"/cases/{case.pk}").status_code == 404
    assert [item["id"] for item in alice.get("/projects", deleted="true").json()["items"]] == [project.pk]

    assert alice.post(f"/projects/{project.pk}/restore").status_code == 200
    assert alice.get(f"/cases/{case.pk}").status_code == 200


def test_archived_projects_can_be_left_out(alice: Asker, project: Any) -> None:
    alice.patch(f"/projects/{project.pk}", {"archived": True})

    assert alice.get("/projects", archived="false").json()["total"] == 0
    assert alice.get("/projects").json()["items"][0]["archived"] is True


def test_a_new_member_sees_the_project(alice: Asker, project: Any, charlie: Asker) -> None:
    answer = alice.post(f"/projects/{project.pk}/members", {"username": "Charlie", "role": "reader"})

    assert answer.status_code == 201
    assert charlie.get(f"/projects/{project.pk}").json()["role"] == "reader"


def test_a_role_can_change(alice: Asker, project: Any, carol: Asker) -> None:
    members = alice.get(f"/projects/{project.pk}/members").json()["items"]
    member = next(one for one in members if one["user"]["username"] == "carol")

    alice.patch(f"/members/{member['id']}", {"role": "writer"})

    assert carol.post(f"/projects/{project.pk}/modules", {"name": "x"}).status_code == 201


def test_nobody_is_a_member_twice(alice: Asker, project: Any) -> None:
    answer = alice.post(f"/projects/{project.pk}/members", {"username": "bob", "role": "reader"})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "username")


def test_an_unknown_user_is_named(alice: Asker, project: Any) -> None:
    answer = alice.post(f"/projects/{project.pk}/members", {"username": "zoe", "role": "reader"})

    assert "zoe" in answer.json()["errors"][0]["message"]


def test_the_last_owner_stays(alice: Asker, project: Any) -> None:
    members = alice.get(f"/projects/{project.pk}/members").json()["items"]
    member = next(one for one in members if one["user"]["username"] == "alice")

    assert alice.patch(f"/members/{member['id']}", {"role": "reader"}).status_code == 409
    assert alice.delete(f"/members/{member['id']}").status_code == 409


def test_people_are_members_and_owners_of_cases(alice: Asker, project: Any, make_case: Any) -> None:
    make_case("Log in", steps=[get("/a")])

    people = alice.get(f"/projects/{project.pk}/people").json()["items"]

    assert [one["username"] for one in people] == ["alice", "bob", "carol", "ruth"]


def test_an_empty_name_is_refused_at_its_field(alice: Asker) -> None:
    for name in ("", "   ", "x" * 201, "a\0b", "a\nb"):
        answer = alice.post("/projects", {"name": name})
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "name"), name


def test_the_last_runs_are_shown(alice: Asker, project: Any) -> None:
    from hat.web.runs.models import Run

    *_, last = [
        Run.objects.create(
            project=project, name=outcome, status="finished", outcome=outcome, passed=3, **more
        )
        for outcome, more in (
            ("passed", {}),
            ("failed", {"failed": 1}),
            ("error", {"error": 3, "skipped": 1}),
        )
    ]
    Run.objects.create(project=project, name="try", kind="try", status="finished", outcome="passed")

    shown = alice.get("/projects").json()["items"][0]

    assert (shown["last_run"]["id"], shown["last_run"]["outcome"]) == (last.pk, "error")
    assert shown["trend"] == ["error", "failed", "passed"]
    assert shown["pass_rates"] == [50.0, 75.0, 100.0]
    assert shown["member_count"] == 4


def test_the_list_can_be_searched_and_sorted(alice: Asker, project: Any) -> None:
    alice.post("/projects", {"name": "Bank", "description": "shop window"})

    assert alice.get("/projects", search="shop").json()["total"] == 2
    names = [item["name"] for item in alice.get("/projects", sort="-name").json()["items"]]
    assert names == ["Shop", "Bank"]


def test_a_change_does_not_bring_a_deleted_project_back(alice: Asker, project: Any) -> None:
    from hat.web.projects.services.projects import change_project

    alice.delete(f"/projects/{project.pk}")

    change_project(project, {"name": "Store"})

    project.refresh_from_db()
    assert (project.name, project.deleted_at is None) == ("Store", False)
