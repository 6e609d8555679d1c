"""A place for every route."""

from __future__ import annotations

from tests.browser.scenes.scene import Scene

PAGES = [
    Scene("dashboard", "/"),
    Scene("projects", "/projects"),
    Scene("cases", "/p/{project}/cases"),
    Scene("case", "/p/{project}/cases/{case}"),
    Scene("suites", "/p/{project}/suites"),
    Scene("import", "/p/{project}/import"),
    Scene("environments", "/p/{project}/environments"),
    Scene("functions", "/p/{project}/functions"),
    Scene("runs", "/p/{project}/runs"),
    Scene("schedules", "/p/{project}/schedules"),
    Scene("settings", "/p/{project}/settings"),
    Scene("deleted", "/p/{project}/deleted"),
    Scene("project-audit", "/p/{project}/audit"),
    Scene("deleted-projects", "/projects/deleted"),
    Scene("all-runs", "/runs"),
    Scene("run", "/runs/{run}"),
    Scene("compare", "/runs/{run}/since/{before}"),
    Scene("users", "/users"),
    Scene("audit", "/audit"),
    Scene("system", "/system"),
    Scene("me", "/me"),
    Scene("not-found", "/nothing"),
    Scene("shared", "/shared#{share}"),
    Scene("invite", "/invite#{invitation}"),
]
STRANGERS = [Scene("login", "/login")]
BEGINNERS = [Scene("setup", "/setup")]
