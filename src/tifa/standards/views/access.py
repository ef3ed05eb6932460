"""Finds what a person may open, or answers that there is no such page."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from tifa.organisation.desk import Desk
from tifa.standards.models import Service, Standard
from tifa.standards.selectors import visible_services, writable_units


def service_or_404(desk: Desk, pk: int) -> tuple[Service, bool]:
    """Return a service that the person may see, and whether they may change it."""
    service = get_object_or_404(visible_services(desk.person, desk.tree), pk=pk)
    return service, service.unit_id in writable_units(desk.person, desk.tree)


def writable_or_403(desk: Desk, pk: int) -> Service:
    """Return a service that the person may change."""
    service, writes = service_or_404(desk, pk)
    if not writes:
        raise PermissionDenied
    return service


def standard_or_404(service: Service, number: int) -> Standard:
    """Return one version of the standard of a service."""
    return get_object_or_404(
        service.standards.select_related("changed_by", "copied_from__service__unit"), number=number
    )
