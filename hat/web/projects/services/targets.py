"""Where requests may go: what the installation and a project say, as the judgement a run takes along."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from hat.engine.targets import Policy, Targets, places, rule
from hat.web.audit.change import fields_of
from hat.web.audit.services import record
from hat.web.projects.models import Project, TargetRules
from hat.web.refusal import invalid
from hat.web.turn import take_turn

_PORTS: Final = {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671}
_UNDECIDED: Final = (
    "nobody has decided yet whether tests may reach such addresses; an administrator does so under System"
)
_FIELDS: Final = ("private", "allow", "deny")


def rules_of(project: Project | None) -> TargetRules:
    """The rules of a project, or of the installation; the usual ones where nobody set any."""
    found = TargetRules.objects.filter(project=project).first()
    return found or TargetRules(project=project, private=project is not None or _by_setting())


def _by_setting() -> bool:
    return settings.HAT_PRIVATE_TARGETS is True


def decided(rules: TargetRules) -> bool:
    """Whether somebody said if private targets may be reached; until then a server refuses them."""
    return not rules._state.adding or settings.HAT_PRIVATE_TARGETS is not None


@transaction.atomic
def change_rules(project: Project | None, *, private: bool, allow: list[str], deny: list[str]) -> TargetRules:
    """Store new rules; one that cannot be read is refused at its place."""
    for name, lines in (("allow", allow), ("deny", deny)):
        for number, line in enumerate(lines):
            try:
                rule(line)
            except ValueError as problem:
                raise invalid(f"{name}[{number}]", str(problem)) from None
    take_turn("targets")
    rules = TargetRules.objects.select_for_update().filter(project=project).first() or rules_of(project)
    before = fields_of(rules, *_FIELDS)
    rules.private, rules.allow, rules.deny = private, allow, deny
    rules.save()
    record("change", rules, before=before, after=fields_of(rules, *_FIELDS))
    return rules


def targets_of(project: Project) -> Targets:
    """What both say, and that HAT's own database and broker are nobody's target."""
    installation = rules_of(None)
    policies = [
        _policy(installation, hint="" if decided(installation) else _UNDECIDED),
        _policy(rules_of(project), "the rules of the project"),
    ]
    base = settings.DATABASES["default"]
    host, port = str(base.get("HOST") or ""), str(base.get("PORT") or "5432")
    return Targets(policies, own_services(host, port, settings.HAT_BROKER_URL))


def _policy(rules: TargetRules, whose: str = "", hint: str = "") -> Policy:
    allow, deny = tuple(rules.allow), tuple(rules.deny)
    return Policy(private=rules.private, allow=allow, deny=deny, whose=whose, hint=hint)


def own_services(host: str, port: str, broker_url: str) -> tuple[str, ...]:
    """Database and broker as rules, where they listen on a network now: each run looks anew."""
    found: list[str] = []
    if host and not host.startswith("/") and port.isdecimal():
        found += places(host, int(port))
    broker = urlsplit(broker_url)
    if broker.hostname:
        found += places(broker.hostname, broker.port or _PORTS.get(broker.scheme, 6379))
    return tuple(found)
