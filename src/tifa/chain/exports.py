"""Tables of innovations, gaps and coverage, for Excel and CSV."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from tifa.chain.models import Holiday
from tifa.chain.selectors.campaigns import Progress
from tifa.chain.selectors.coverage import CoverageRow
from tifa.chain.selectors.ledgers import Gap
from tifa.chain.selectors.lists import InnovationRow
from tifa.organisation.choices import UnitKind

# How wide the columns of a workbook are, in characters; code, name and text need the most.
INNOVATION_WIDTHS = (15, 42, 20, 34, 14, 12, 12, 12, 10, 34, 30, 24, 18, 26, 12, 16, 60)
GAP_WIDTHS = (15, 42, 20, 34, 32, 16, 12, 12, 10, 12, 60)
HOLIDAY_WIDTHS = (14, 42, 14)
PROGRESS_WIDTHS = (20, 42, 16, 14, 12, 12, 12, 12, 12, 12, 14, 14, 34)
COVERAGE_WIDTHS = (20, 42, 16, 10, 12, 14, 14, 18, 10)


def innovation_headers() -> list[str]:
    """Return the headings of the table of innovations."""
    return [
        _("Code"),
        _("Title"),
        _("Unit code"),
        _("Unit"),
        _("Function of government"),
        _("Stage"),
        _("Start of the trial"),
        _("Start of use"),
        _("Age in months"),
        _("Public service"),
        _("Government affairs (urusan)"),
        _("Initiator"),
        _("How it became known"),
        _("Last step"),
        _("Date of the last step"),
        _("Waits for"),
        _("Summary"),
    ]


def innovation_table(rows: Iterable[InnovationRow]) -> Iterator[list[Any]]:
    """Yield innovations as rows."""
    for row in rows:
        one = row.innovation
        yield [
            one.code,
            one.title,
            one.unit.code,
            one.unit.name,
            one.get_function_display(),
            one.get_stage_display(),
            one.trial_started,
            one.use_started,
            row.age,
            one.service,
            one.affairs,
            one.initiator,
            one.get_source_display(),
            row.step.label if row.step else _("Not reported yet"),
            row.on,
            row.holder.label if row.holder else "",
            one.summary,
        ]


def gap_headers() -> list[str]:
    """Return the headings of the table of gaps."""
    return [
        _("Code"),
        _("Innovation"),
        _("Unit code"),
        _("Unit"),
        _("Gap"),
        _("Who must act"),
        _("Since"),
        _("Due"),
        _("Days left"),
        _("Held back on purpose"),
        _("Reason"),
    ]


def gap_table(gaps: Iterable[Gap]) -> Iterator[list[Any]]:
    """Yield gaps as rows; an unknown date stays empty."""
    for gap in gaps:
        yield [
            gap.innovation,
            gap.title,
            gap.unit.code,
            gap.unit.name,
            gap.kind.label,
            gap.holder.label,
            gap.since,
            gap.due,
            gap.days_left,
            _("yes") if gap.deliberate else _("no"),
            gap.reason,
        ]


def progress_headers() -> list[str]:
    """Return the headings of the table of a campaign."""
    return [
        _("Unit code"),
        _("Unit"),
        _("Kind"),
        _("Answer"),
        _("Due"),
        _("Days left"),
        _("Innovations asked about"),
        _("Told"),
        _("Stopped"),
        _("New reports"),
        _("Nothing new, signed on"),
        _("Last answer"),
        _("Answered by"),
    ]


def progress_table(rows: Iterable[Progress]) -> Iterator[list[Any]]:
    """Yield the units of a campaign as rows, in the order of its list."""
    kinds = dict(UnitKind.choices)
    for one in rows:
        yield [
            one.row.code,
            one.row.name,
            kinds.get(one.row.kind, one.row.kind),
            one.state.label,
            one.due,
            one.days_left,
            one.known,
            one.checked,
            one.stopped,
            one.reported,
            one.nil,
            one.last,
            one.delegate.name if one.delegate else "",
        ]


def coverage_headers() -> list[str]:
    """Return the headings of the coverage table."""
    return [
        _("Unit code"),
        _("Unit"),
        _("Kind"),
        _("Depth"),
        _("Own innovations"),
        _("With units below"),
        _("Last report"),
        _("Nil reports"),
        _("Silent"),
    ]


def coverage_table(rows: Iterable[CoverageRow]) -> Iterator[list[Any]]:
    """Yield units as rows, in the order of the tree."""
    for row in rows:
        yield [
            row.unit.code,
            row.unit.name,
            row.unit.get_kind_display(),
            row.depth,
            row.innovations,
            row.in_subtree,
            row.last_report,
            ", ".join(str(year) for year in row.nil_years),
            _("yes") if row.silent else _("no"),
        ]


def holiday_headers() -> list[str]:
    """Return the headings of the list of days off."""
    return [_("Date"), _("Name"), _("Kind of day")]


def holiday_table(days: Iterable[Holiday]) -> Iterator[list[Any]]:
    """Yield days off as rows, in the words that the form takes back."""
    for one in days:
        yield [one.day, one.name, one.kind]
