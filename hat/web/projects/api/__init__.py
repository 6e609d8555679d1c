"""Routes of projects and what they own."""

from __future__ import annotations

from ninja import Router

from hat.web.projects.api.cases import router as cases
from hat.web.projects.api.environments import router as environments
from hat.web.projects.api.functions import router as functions
from hat.web.projects.api.modules import router as modules
from hat.web.projects.api.projects import router as projects
from hat.web.projects.api.tokens import router as tokens
from hat.web.projects.api.transfer import router as transfer
from hat.web.projects.api.yaml import router as yaml

routers: tuple[Router, ...] = (projects, modules, cases, yaml, environments, functions, transfer, tokens)
