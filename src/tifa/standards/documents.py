"""The sheet of a service for the wall, and the table of all services."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tifa.core.documents import Report, Section, pdf_of
from tifa.instruments import load_instrument
from tifa.organisation.selectors import UnitTree, letterhead_of
from tifa.standards.models import Service, Standard
from tifa.standards.selectors import Line, components_of

WIDTHS = (20, 30, 40, 14, 10, 16, 40, 14, 14, 10)


def sheet_pdf(service: Service, standard: Standard, tree: UnitTree) -> bytes:
    """Return what must be published of a standard on paper, with a code that leads to its public page."""
    components = components_of(load_instrument(standard.instrument_id), standard.components)
    steps = [step for step in standard.steps.all() if step.number]
    return pdf_of(
        Report(
            title=service.name,
            subtitle=_("Service standard"),
            letterhead=letterhead_of(service.unit, tree),
            facts=[
                (_("Who uses it"), service.users or _("unknown")),
                (_("Where and how it is given"), service.channels or _("unknown")),
                *(
                    (str(step.get_step_display()), f"{step.number}, {date_format(step.on, 'j F Y')}")
                    for step in steps
                ),
            ],
            sections=[
                Section(one.label, tuple(one.text.split("\n\n")) or (_("unknown"),))
                for one in components
                if one.public
            ],
            check=settings.SITE_URL + reverse("portal:service", args=[service.pk]),
            check_text=_("Point a camera here to read this standard as it holds today."),
            signature=_("Head of %(unit)s") % {"unit": service.unit.name},
        )
    )


def board_headers() -> list[str]:
    """Return the headers of the table of services."""
    return [
        _("Code"),
        _("Unit"),
        _("Name of the service"),
        _("Function of government"),
        _("Version"),
        _("State"),
        _("Components missing"),
        _("Discussed with the public"),
        _("Review until"),
        _("Overdue"),
    ]


def board_table(lines: Sequence[Line]) -> list[list[Any]]:
    """Return services as rows of a table."""
    return [
        [
            one.service.unit.code,
            one.service.unit.name,
            one.service.name,
            str(one.service.get_function_display()),
            one.standard.number if one.standard else None,
            str(one.standard.get_progress_display()) if one.standard else _("none"),
            "; ".join(one.missing),
            _("yes") if one.discussed else _("no"),
            one.due,
            _("yes") if one.overdue else _("no"),
        ]
        for one in lines
    ]
