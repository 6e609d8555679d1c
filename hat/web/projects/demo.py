"""The environment of the demo project: it knows where the demo API answers on this machine."""

from __future__ import annotations

from hat.web.folder import demo_marker
from hat.web.projects.models import Environment, Project
from hat.web.projects.services.environments import change_environment, create_environment

ENVIRONMENT = "demo API"
VARIABLE = "DEMO_URL"  # in demo/cases/.env too


def settle(project: Project, api: str) -> Environment:
    """The project's environment with the address, which `hat up` serves from now on."""
    environments = project.environments.filter(deleted_at=None)
    environment = environments.filter(is_default=True).first() or environments.first()
    if environment is None:
        environment = create_environment(project, {"name": ENVIRONMENT})
    _point(environment, api)
    demo_marker().write_text(api, encoding="ascii")
    return environment


def follow(api: str) -> None:
    """Point the environments to the address of this start, when the last one had another."""
    marker = demo_marker()
    before = marker.read_text(encoding="ascii").strip() if marker.is_file() else ""
    if not before or before == api:
        return
    for environment in Environment.objects.filter(base_url=before, deleted_at=None):
        _point(environment, api)
    marker.write_text(api, encoding="ascii")


def _point(environment: Environment, api: str) -> None:
    variables = environment.variables if isinstance(environment.variables, dict) else {}
    changes = {"base_url": api, "variables": {**variables, VARIABLE: api}}
    change_environment(environment, changes)
