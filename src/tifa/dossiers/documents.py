"""The proposal in the order of the form: for Word, as PDF, and as a table."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tifa.core.documents import DOTS, Report, Section, pdf_of, place_of_letters, qr_png, word_of
from tifa.core.spreadsheets import SheetOut
from tifa.dossiers.choices import Statement
from tifa.dossiers.models import Dossier, DossierAnswer, SentDossier
from tifa.dossiers.selectors.dossiers import FormItem, form_items, levels_of, parts_of
from tifa.instruments import Instrument, spoken
from tifa.instruments.schema import ChoiceItem, TextItem
from tifa.instruments.scoring.words import count_words
from tifa.organisation.selectors import UnitTree, head_of, letterhead_of, unit_tree
from tifa.registry.selectors import shared_evidence

LETTERS = Path(__file__).resolve().parent / "letters"


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
    letterhead: tuple[str, ...]
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


def proposal_of(
    dossier: Dossier,
    instrument: Instrument,
    answers: Mapping[str, DossierAnswer],
    tree: UnitTree | None = None,
) -> Proposal:
    """Return a dossier as it is handed out; whoever hands out many reads the ``tree`` of units once."""
    innovation = dossier.innovation
    edition = f"{spoken(instrument.title)} ({instrument.id})"
    return Proposal(
        title=innovation.title,
        edition=edition,
        unit=innovation.unit.name,
        letterhead=letterhead_of(innovation.unit, tree or unit_tree()),
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


def check_address(sent: SentDossier) -> str:
    """Return where anybody can check a copy of what was sent."""
    return settings.SITE_URL + reverse("portal:sent", args=[sent.code])


def proposal_docx(proposal: Proposal, check: str = "") -> bytes:
    """Return the proposal as a Word document; with ``check``, an address, a code that leads there stands at its end."""
    from docx import Document  # noqa: PLC0415  # loads lxml, which a worker without a letter does not need
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415  # comes with it
    from docx.shared import Cm  # noqa: PLC0415  # comes with it

    document = Document()
    document.core_properties.title = proposal.title
    document.core_properties.author = proposal.unit
    for line in proposal.letterhead:
        head = document.add_paragraph()
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        head.add_run(line.upper()).bold = True
    document.add_heading(proposal.title, level=0)
    for name, value in proposal.facts:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{name}: ").bold = True
        paragraph.add_run(value)
    for section in proposal.sections:
        document.add_heading(section.title, level=section.level)
        for text in section.paragraphs:
            _write(document, text)
    for line in ("", _signs(proposal), "", "", "", "(........................................)"):
        document.add_paragraph(line)
    if check:
        document.add_picture(io.BytesIO(qr_png(check)), width=Cm(2.5))
        document.add_paragraph(f"{_check_text()} {check}")
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
            check_text=_check_text(),
            signature=_signs(proposal),
            letterhead=proposal.letterhead,
        )
    )


def statement_docx(dossier: Dossier, instrument: Instrument, kind: Statement, *, on: date) -> bytes:
    """Return what the head of the unit states, to be signed; what is not known is left as a line of dots."""
    innovation, tree = dossier.innovation, unit_tree()
    head, evidence = head_of(innovation.unit), shared_evidence(innovation)
    # A statement that goes out speaks the language of the city, whatever the person reads.
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "letterhead": letterhead_of(innovation.unit, tree),
            "city": settings.CITY_NAME,
            "place": place_of_letters(),
            "date": date_format(on, "j F Y"),
            "signer": head.name if head and head.name else DOTS,
            "signer_role": _("Head of %(unit)s") % {"unit": innovation.unit.name},
            "title": innovation.title,
            "code": innovation.code,
            "unit": innovation.unit.name,
            "edition": spoken(instrument.title),
            "trial_started": _day(innovation.trial_started),
            "use_started": _day(innovation.use_started),
            "initiator": innovation.initiator or DOTS,
            "evidence": [one.title for one in evidence] or [DOTS],
            "evidence_count": len(evidence),
        }
    return word_of(LETTERS / f"pernyataan-{kind}.docx", context)


def proposal_sheets(proposal: Proposal) -> list[SheetOut]:
    """Return the proposal as a table in the order of the form."""
    rows = [[place.item, place.question, place.text, count_words(place.text)] for place in proposal.places]
    headers = [_("Item"), _("Question"), _("Text"), _("Words")]
    return [SheetOut("Proposal", headers, rows)]


def _said(item: FormItem, name: str, answer: DossierAnswer | None) -> str:
    said = answer.texts.get(name, "") if answer else ""
    return dict(levels_of(item)).get(said, "") if isinstance(item, ChoiceItem) else said


def _check_text() -> str:
    return _(
        "This proposal is registered. Point a camera here to see whether the copy is the one that was sent."
    )


def _signs(proposal: Proposal) -> str:
    return _("Head of %(unit)s") % {"unit": proposal.unit}


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
