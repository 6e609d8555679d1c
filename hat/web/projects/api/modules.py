"""Routes of modules."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from ninja import Router

from hat.web.accounts.people import person
from hat.web.paging import whole
from hat.web.projects import access
from hat.web.projects.api.schemas import ModuleList, ModuleNew, ModuleOut, ModulePatch
from hat.web.projects.credentials import shown
from hat.web.projects.models import Module, Role
from hat.web.projects.services import modules as services

router = Router(tags=["modules"])


@router.get("/projects/{int:project_id}/modules", response=ModuleList, operation_id="modules")
def list_modules(request: HttpRequest, project_id: int) -> dict[str, Any]:
    project = access.project_for(person(request), project_id)
    living = Count("cases", filter=Q(cases__deleted_at=None))
    modules = Module.objects.filter(project=project, deleted_at=None).annotate(number=living)
    # A grouped query forgets the order of the model.
    return whole([_shape(module, module.number) for module in modules.order_by("position", "id")])


@router.post("/projects/{int:project_id}/modules", response={201: ModuleOut}, operation_id="new_module")
def make_module(request: HttpRequest, project_id: int, payload: ModuleNew) -> dict[str, Any]:
    project = access.project_for(person(request), project_id, Role.WRITER)
    return _shape(services.create_module(project, payload.name))


@router.patch("/modules/{int:module_id}", response=ModuleOut, operation_id="change_module")
def patch_module(request: HttpRequest, module_id: int, payload: ModulePatch) -> dict[str, Any]:
    module = access.module_for(person(request), module_id, Role.WRITER)
    return _shape(services.change_module(module, **payload.dict()))


@router.delete("/modules/{int:module_id}", response={204: None}, operation_id="delete_module")
def remove_module(request: HttpRequest, module_id: int) -> None:
    services.delete_module(access.module_for(person(request), module_id, Role.WRITER))


@router.post("/modules/{int:module_id}/restore", response=ModuleOut, operation_id="restore_module")
def restore_module(request: HttpRequest, module_id: int) -> dict[str, Any]:
    module = access.module_for(person(request), module_id, Role.WRITER, deleted=None)
    return _shape(services.restore_module(module))


def _shape(module: Module, number: int | None = None) -> dict[str, Any]:
    if number is None:
        number = module.cases.filter(deleted_at=None).count()
    return {
        "id": module.pk,
        "name": module.name,
        "position": module.position,
        "case_count": number,
        "auth": shown(module.auth),
    }
