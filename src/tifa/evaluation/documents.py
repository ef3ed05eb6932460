"""The printed report of a round."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from tifa.core.documents import Column, Report, Table, pdf_of
from tifa.evaluation.models import RankingPublication, Round
from tifa.evaluation.selectors.ranking import RankedRow
from tifa.evaluation.selectors.rounds import RoundProgress
from tifa.evaluation.selectors.rubrics import label_of
from tifa.instruments import Rubric
from tifa.stats.ranking import Ranking


def round_pdf(
    round_: Round,
    *,
    rubric: Rubric,
    progress: RoundProgress,
    ranking: Ranking,
    rows: Sequence[RankedRow],
    publication: RankingPublication | None,
) -> bytes:
    """Return progress, ranking, section means and rubric of a round as a PDF."""
    report = Report(
        title=_("Report of the round “%(name)s”") % {"name": round_.name},
        subtitle=f"{round_.code} · {round_.get_state_display()}",
        facts=[*_facts(round_, rubric, progress, ranking), *_frozen(publication)],
        paragraphs=[] if publication else [_("This ranking is not published: it may still change.")],
        tables=[
            _ranking_table(ranking, {row.code: row for row in rows}),
            _means_table(rubric, ranking),
            _rubric_table(rubric),
        ],
    )
    return pdf_of(report)


def _facts(round_: Round, rubric: Rubric, progress: RoundProgress, ranking: Ranking) -> list[tuple[str, str]]:
    return [
        (_("Instrument"), f"{rubric.title} ({rubric.instrument_id}, {rubric.group})"),
        (_("Digest of the instrument"), rubric.digest),
        (_("Opened on"), date_format(round_.opened_on, "j F Y") if round_.opened_on else _("unknown")),
        (_("Closed on"), date_format(round_.closed_on, "j F Y") if round_.closed_on else _("not closed")),
        (_("Entries"), str(progress.entries)),
        (_("Score sheets submitted"), f"{progress.submitted} / {progress.expected}"),
        (_("Method"), ranking.method),
    ]


def _frozen(publication: RankingPublication | None) -> list[tuple[str, str]]:
    if publication is None:
        return []
    return [
        (_("Published on"), date_format(publication.published_at, "j F Y")),
        (_("Digest of the result"), publication.digest),
    ]


def _ranking_table(ranking: Ranking, named: Mapping[str, RankedRow]) -> Table:
    rows = [
        (
            "–" if entry.rank is None else str(entry.rank),
            f"{entry.entry} {named[entry.entry].title}",
            named[entry.entry].unit,
            str(entry.judges),
            _("incomplete") if entry.total is None else _figure(entry.total),
        )
        for entry in ranking.entries
    ]
    columns = [
        Column(_("Rank"), 0.6, numeric=True),
        Column(_("Innovation"), 3),
        Column(_("Unit"), 2),
        Column(_("Judges"), 0.8, numeric=True),
        Column(_("Weighted mean"), 1.2, numeric=True),
    ]
    return Table(_("Ranking"), columns, rows)


def _means_table(rubric: Rubric, ranking: Ranking) -> Table:
    columns = [Column(_("Code"), 1.6), *(Column(str(one.number), numeric=True) for one in rubric.sections)]
    rows = [
        (entry.entry, *("–" if one.mean is None else _figure(one.mean) for one in entry.sections))
        for entry in ranking.entries
    ]
    note = _("Mean of each section over the judges who scored it; “–” where nobody did.")
    return Table(_("Section means"), columns, rows, note)


def _rubric_table(rubric: Rubric) -> Table:
    rows = [(str(one.number), label_of(one), f"{one.weight.normalize():f}") for one in rubric.sections]
    columns = [
        Column(_("No."), 0.4, numeric=True),
        Column(_("Section"), 4),
        Column(_("Weight"), 0.8, numeric=True),
    ]
    return Table(_("Rubric"), columns, rows)


def _figure(value: Decimal) -> str:
    return number_format(value, decimal_pos=2)
