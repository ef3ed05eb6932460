"""The proposal on paper, in the order of the form."""

import io
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tifa.dossiers.models import Dossier, DossierAnswer
from tifa.dossiers.selectors.dossiers import parts_of, text_items
from tifa.instruments import Instrument, spoken


def proposal_docx(dossier: Dossier, instrument: Instrument, answers: Mapping[str, DossierAnswer]) -> bytes:
    """Return the proposal as a Word document; an item without a text says that it is empty."""
    from docx import Document  # noqa: PLC0415  # loads lxml, which a worker without a letter does not need

    innovation = dossier.innovation
    document = Document()
    document.core_properties.title = innovation.title
    document.core_properties.author = innovation.unit.name
    document.add_heading(innovation.title, level=0)
    for name, value in (
        (_("Competition"), f"{spoken(instrument.title)} ({instrument.id})"),
        (_("Unit"), innovation.unit.name),
        (_("City"), str(settings.CITY_NAME)),
        (_("Code"), innovation.code),
        (_("Start of use"), _day(innovation.use_started)),
    ):
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{name}: ").bold = True
        paragraph.add_run(value)
    for item in text_items(instrument, dossier.group):
        document.add_heading(
            f"{item.number}. {spoken(item.label)}" if item.number else spoken(item.label), level=1
        )
        texts = answers[item.id].texts if item.id in answers else {}
        for place, part in parts_of(item):
            if item.questions:
                document.add_heading(spoken(part.label), level=2)
            _write(document, texts.get(place, ""))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _write(document: Any, text: str) -> None:
    for paragraph in text.split("\n\n") if text else [_("(empty)")]:
        lines = paragraph.split("\n")
        if all(line.startswith(("- ", "• ")) for line in lines):
            for line in lines:
                document.add_paragraph(line[2:], style="List Bullet")
        else:
            document.add_paragraph(paragraph)


def _day(day: Any) -> str:
    return date_format(day, "j F Y") if day else _("unknown")
