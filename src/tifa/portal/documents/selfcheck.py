"""The result of a self-check on paper."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from tifa.core.documents import Column, Report, Table, pdf_of
from tifa.instruments import digest, spoken
from tifa.portal.selectors.outcomes import Line, Told

DASH = "–"


def result_pdf(told: Told) -> bytes:
    """Return the result with everything that explains it as a PDF."""
    instrument = told.check.instrument
    report = Report(
        title=_("Self-check: %(title)s") % {"title": spoken(instrument.title)},
        subtitle=_("An answer of your own, no official result."),
        facts=list(_facts(told)),
        paragraphs=[*told.why, *told.findings.sentences, *_unanswered(told)],
        tables=[*_words(told), *_explained(told.result), *_others(told), *_advice(told)],
    )
    return pdf_of(report)


def _facts(told: Told) -> Iterator[tuple[str, str]]:
    instrument = told.check.instrument
    if told.result is not None:
        yield told.result.label, " · ".join(filter(None, [_figure(told.result.value), told.result.band]))
    yield _("State"), told.state
    if told.check.name:
        yield _("Group"), told.check.name
    yield _("Computed for"), date_format(told.outcome.on, "j F Y")
    yield _("Standard"), f"{instrument.id}, {_('revision')} {instrument.revision}"
    yield _("Digest (SHA-256)"), digest(instrument)


def _unanswered(told: Told) -> Iterator[str]:
    if told.findings.unanswered:
        yield _("Not answered: %s.") % ", ".join(told.findings.unanswered)


def _words(told: Told) -> Iterator[Table]:
    if told.words:
        columns = [
            Column(_("Text"), 3),
            Column(_("Words"), numeric=True),
            Column(_("Limit"), numeric=True),
            Column(_("State"), 2),
        ]
        rows = [
            (one.label, _figure(one.words), DASH if one.limit is None else _figure(one.limit), one.told)
            for one in told.words
        ]
        yield Table(_("Words"), columns, rows)


def _explained(line: Line | None) -> Iterator[Table]:
    """Give a table for each value that was computed from others, from the result down."""
    if line is None:
        return
    columns = [
        Column(_("Value"), 4),
        Column(_("Is"), 1, numeric=True),
        Column(_("× weight"), 1, numeric=True),
        Column(_("Adds"), 1, numeric=True),
        Column(_("Source"), 1.4),
    ]
    rows = [
        (one.label, _figure(one.value), _figure(one.weight), _figure(one.adds), ", ".join(one.reference))
        for one in line.children
    ]
    note = " ".join(part for part in (f"{line.formula}.", line.rounding, line.note) if part)
    yield Table(f"{line.label}: {_figure(line.value)}", columns, rows, note)
    for child in line.children:
        if child.children or child.rounding:
            yield from _explained(child)


def _others(told: Told) -> Iterator[Table]:
    if told.others:
        columns = [
            Column(_("Way"), 4),
            Column(_("Result"), numeric=True),
            Column(_("Difference"), numeric=True),
            Column(_("Band"), 2),
        ]
        rows = [(one.label, _figure(one.value), one.difference, one.band) for one in told.others]
        yield Table(_("Other ways to compute"), columns, rows)


def _advice(told: Told) -> Iterator[Table]:
    if told.advice:
        columns = [
            Column(_("Item"), 2),
            Column(_("Next"), 3),
            Column(_("Evidence"), 3),
            Column(_("Adds"), numeric=True),
        ]
        rows = [
            (one.label, one.wanted, "; ".join(one.evidence), f"+{_figure(one.gain)}") for one in told.advice
        ]
        yield Table(_("What raises the result most"), columns, rows)


def _figure(value: Decimal | int | None) -> str:
    return DASH if value is None else number_format(value, force_grouping=True)
