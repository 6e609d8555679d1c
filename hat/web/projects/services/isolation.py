"""How functions run: what an administrator agreed to, as the terms a run takes along."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from hat.engine.sandbox import Terms
from hat.engine.targets import Targets
from hat.web.audit.change import fields_of
from hat.web.audit.services import record
from hat.web.packages import installed_packages
from hat.web.projects.models import FunctionRules, Project


def function_rules(project: Project | None) -> FunctionRules:
    """The rules of a project, or of the installation; the usual ones where nobody set any."""
    return FunctionRules.objects.filter(project=project).first() or FunctionRules(project=project)


@transaction.atomic
def change_function_rules(project: Project | None, **fields: object) -> FunctionRules:
    """Store what is given; the audit log has what it was."""
    rules = FunctionRules.objects.select_for_update().filter(project=project).first()
    rules = rules or FunctionRules(project=project)
    before = fields_of(rules, *fields)
    for name, value in fields.items():
        setattr(rules, name, value)
    rules.save()
    record("change", rules, before=before, after=fields_of(rules, *fields))
    return rules


def terms(project: Project, targets: Targets) -> Terms:
    """On which terms functions of a run are executed; `targets` is where requests of the project may go."""
    return Terms(
        "strict",
        tuple(settings.HAT_SANDBOX_WITHOUT),
        agreed=function_rules(None).agreed,
        packages=installed_packages(),
        network=targets if function_rules(project).network else None,
    )
