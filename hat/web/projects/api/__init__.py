"""Routes of projects and what they own."""

from __future__ import annotations

from ninja import Router

from hat.web.projects.api import (
    cases,
    edits,
    environments,
    files,
    functions,
    invitations,
    isolation,
    modules,
    packages,
    projects,
    suites,
    targets,
    tokens,
    transfer,
    view,
    yaml,
)

routers: tuple[Router, ...] = tuple(
    part.router
    for part in (
        projects,
        modules,
        cases,
        view,
        yaml,
        edits,
        suites,
        environments,
        functions,
        files,
        transfer,
        tokens,
        invitations,
        targets,
        isolation,
        packages,
    )
)
