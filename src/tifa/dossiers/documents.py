"""The proposal in the order of the form: for Word, as PDF, and as a table."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tifa.core.documents import Report, Section, pdf_of
from tifa.core.spreadsheets import SheetOut
from tifa.dossiers.models import Dossier, DossierAnswer
from tifa.dossiers.selectors.dossiers import FormItem, form_items, levels_of, parts_of
from tifa.instruments import Instrument, spoken
from tifa.instruments.schema import ChoiceItem, TextItem
from tifa.instruments.scoring.words import count_words


@dataclass(frozen=True)
class Place:
    """One place of the form: the heading of its item, of its question where it has some, and what is written."""

    item: str
    question: str
    text: str


@dataclass(frozen=True)
class Proposal:
    """A proposal in the order of the form."""

    title: str
    edition: str
    unit: str
    facts: tuple[tuple[str, str], ...]
    places: tuple[Place, ...]

    @property
    def sections(self) -> Iterator[Section]:
        """Yield the parts with their headings; a place without a text says that it is empty."""
        last = None
        for place in self.places:
            text = _paragraphs(place.text)
            if not place.question:
                yield Section(place.item, text)
                continue
            if place.item != last:
                yield Section(place.item, ())
            last = place.item
            yield Section(place.question, text, 2)


def proposal_of(dossier: Dossier, instrument: Instrument, answers: Mapping[str, DossierAnswer]) -> Proposal:
    """Return a dossier as it is handed out."""
    innovation = dossier.innovation
    edition = f"{spoken(instrument.title)} ({instrument.id})"
    return Proposal(
        title=innovation.title,
        edition=edition,
        unit=innovation.unit.name,
        facts=(
            (_("Competition"), edition),
            (_("Unit"), innovation.unit.name),
            (_("City"), str(settings.CITY_NAME)),
            (_("Code"), innovation.code),
            (_("Start of use"), _day(innovation.use_started)),
        ),
        places=tuple(
            Place(
                f"{item.number}. {spoken(item.label)}" if item.number else spoken(item.label),
                spoken(part.label) if isinstance(item, TextItem) and item.questions else "",
                _said(item, name, answers.get(item.id)),
            )
            for item in form_items(instrument, dossier.group)
            for name, part in parts_of(item)
        ),
    )


def proposal_docx(proposal: Proposal) -> bytes:
    """Return the proposal as a Word document."""
    from docx import Document  # noqa: PLC0415  # loads lxml, which a worker without a letter does not need

    document = Document()
    document.core_properties.title = proposal.title
    document.core_properties.author = proposal.unit
    document.add_heading(proposal.title, level=0)
    for name, value in proposal.facts:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{name}: ").bold = True
        paragraph.add_run(value)
    for section in proposal.sections:
        document.add_heading(section.title, level=section.level)
        for text in section.paragraphs:
            _write(document, text)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def proposal_pdf(proposal: Proposal, check: str = "") -> bytes:
    """Return the proposal as a PDF; with ``check``, an address, a code that leads there is printed on it."""
    return pdf_of(
        Report(
            title=proposal.title,
            subtitle=proposal.edition,
            facts=proposal.facts[1:],
            sections=tuple(proposal.sections),
            check=check,
            check_text=_(
                "This proposal is registered. Point a camera here to see whether the copy is the one that was sent."
            ),
            signature=_("Head of %(unit)s") % {"unit": proposal.unit},
        )
    )


def proposal_sheets(proposal: Proposal) -> list[SheetOut]:
    """Return the proposal as a table in the order of the form."""
    rows = [[place.item, place.question, place.text, count_words(place.text)] for place in proposal.places]
    headers = [_("Item"), _("Question"), _("Text"), _("Words")]
    return [SheetOut("Proposal", headers, rows)]


def _said(item: FormItem, name: str, answer: DossierAnswer | None) -> str:
    said = answer.texts.get(name, "") if answer else ""
    return dict(levels_of(item)).get(said, "") if isinstance(item, ChoiceItem) else said


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n\n")) if text else (_("(empty)"),)


def _write(document: Any, text: str) -> None:
    lines = text.split("\n")
    if all(line.startswith(("- ", "• ")) for line in lines):
        for line in lines:
            document.add_paragraph(line[2:], style="List Bullet")
    else:
        document.add_paragraph(text)


def _day(day: Any) -> str:
    return date_format(day, "j F Y") if day else _("unknown")
