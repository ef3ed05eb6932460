"""Tables of scores and rankings, for Excel and CSV."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import Round
from tifa.evaluation.selectors.rounds import Viewer
from tifa.evaluation.selectors.rubrics import label_of
from tifa.evaluation.selectors.sheets import SheetHead, score_rows
from tifa.instruments import Rubric

# How wide the columns of a workbook are, in characters, and how its numbers are shown.
SCORE_WIDTHS = (15, 42, 34, 20, 30, 18, 10, 60, 17)
SCORE_DECIMALS = {6: 2}
RANKING_WIDTHS = (9, 15, 42, 34, 12, 10, 10)
MEAN_COLUMN, JUDGES_COLUMN = 4, 5


FAIR = {
    "fair": gettext_lazy("Fair score"),
    "low": gettext_lazy("Interval (95 percent) from"),
    "high": gettext_lazy("Interval (95 percent) to"),
    "place": gettext_lazy("Place by fair score"),
    "place_low": gettext_lazy("Interval of the place (90 percent) from"),
    "place_high": gettext_lazy("Interval of the place (90 percent) to"),
    "p_top": gettext_lazy("Chance of the top"),
}


def score_headers() -> list[str]:
    """Return the headings of the table of scores."""
    return [
        _("Code"),
        _("Innovation"),
        _("Unit"),
        _("Judge"),
        _("Section"),
        _("State"),
        _("Score"),
        _("Note"),
        _("Submitted"),
    ]


def score_table(person: Viewer, round_: Round, rubric: Rubric) -> Iterator[list[Any]]:
    """Yield every score of a round as a row; drafts have no time of submission."""
    labels = {section.id: label_of(section) for section in rubric.sections}
    states = {state.value: str(state.label) for state in ScoreState}
    before: SheetHead | None = None
    first: list[Any] = []
    time: datetime | None = None
    for head, section, state, value, note in score_rows(person, round_):
        if head is not before:  # the rows of one sheet follow each other
            before, time = head, _time(head.submitted_at)
            first = [head.code, head.title, head.unit, head.judge]
        yield [*first, labels.get(section, section), states[state], value, note, time]


def ranking_headers(payload: Mapping[str, Any]) -> list[str]:
    """Return the headings of a published ranking, one for the mean of each section."""
    label = "label_en" if (get_language() or "").startswith("en") else "label_id"
    names = [
        _("%(section)s (weight %(weight)s)") % {"section": section[label], "weight": section["weight"]}
        for section in payload["sections"]
    ]
    return [
        _("Rank"),
        _("Code"),
        _("Innovation"),
        _("Unit"),
        _("Weighted mean"),
        _("Judges"),
        *([_("Conflicts")] if _tells_conflicts(payload) else []),
        *([_("Official place"), _("Goes on")] if payload.get("official") else []),
        *([str(name) for name in FAIR.values()] if payload.get("fair") else []),
        *names,
    ]


def ranking_decimals(payload: Mapping[str, Any]) -> dict[int, int]:
    """Return with how many places the means of a published ranking are shown, by column."""
    first = JUDGES_COLUMN + 1 + _tells_conflicts(payload) + 2 * bool(payload.get("official"))
    first += len(FAIR) if payload.get("fair") else 0
    columns = (MEAN_COLUMN, *range(first, first + len(payload["sections"])))
    return dict.fromkeys(columns, payload["method"]["places"])


def ranking_table(payload: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Yield the entries of a published ranking as it was frozen."""
    for entry in payload["entries"]:
        means = {section["section"]: section["mean"] for section in entry["sections"]}
        fair = entry.get("fair") or {}
        yield [
            entry["rank"],
            entry["code"],
            entry["title"],
            entry["unit"],
            _number(entry["total"]),
            entry["judges"],
            *([entry["conflicts"]] if _tells_conflicts(payload) else []),
            *([entry["place"], _("yes") if entry["selected"] else ""] if payload.get("official") else []),
            *([fair.get(name) for name in FAIR] if payload.get("fair") else []),
            *(_number(means[section["id"]]) for section in payload["sections"]),
        ]


def _tells_conflicts(payload: Mapping[str, Any]) -> bool:
    """Return whether a copy is of the first format, which told how many judges had a conflict."""
    return bool(payload["format"] == "tifa-ranking/1")


def _time(moment: datetime | None) -> datetime | None:
    # Local and without a zone, once a sheet: a workbook has no zones, and asking for every cell takes time.
    return timezone.localtime(moment).replace(second=0, microsecond=0, tzinfo=None) if moment else None


def _number(text: str | None) -> Any:
    return None if text is None else float(text)
