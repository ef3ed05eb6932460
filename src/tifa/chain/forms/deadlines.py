"""Checks deadlines, days off that were pasted, and the list of reasons."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.chain.choices import DayCount, DayOff, GapKind
from tifa.chain.selectors.deadlines import LevelRow, state_of
from tifa.core.forms import PlainTextField

MOST_DAYS = 1000
MOST_LINES = 400
MOST_REASONS = 30
LONGEST_NAME = 120
SEPARATOR = re.compile(r"[;\t|]|,(?=\s*\D)")
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
KIND_WORDS: Mapping[str, DayOff] = {
    "libur": DayOff.PUBLIC,
    "libur nasional": DayOff.PUBLIC,
    "cuti": DayOff.LEAVE,
    "cuti bersama": DayOff.LEAVE,
}


class LevelsForm(forms.Form):
    """The days of each kind of gap in one unit; an empty field leaves it to the unit above."""

    seen = forms.CharField(widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, rows: Sequence[LevelRow]) -> None:
        initial: dict[str, Any] = {"seen": state_of(rows)}
        for row in rows:
            kept = row.own or row.inherited
            initial[f"days-{row.kind}"] = row.own.days if row.own else None
            initial[f"counting-{row.kind}"] = kept.counting if kept else DayCount.CALENDAR
        super().__init__(data, initial=initial)
        self.rows = rows
        for row in rows:
            self.fields[f"days-{row.kind}"] = forms.IntegerField(
                label=row.kind.label,
                required=False,
                min_value=0,
                max_value=MOST_DAYS,
                help_text=_inherited(row),
                error_messages={"invalid": gettext_lazy("Write the days as a whole number, such as 14.")},
            )
            self.fields[f"counting-{row.kind}"] = forms.ChoiceField(
                label=gettext_lazy("Counted in"), choices=DayCount.choices
            )

    @property
    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the two fields of each kind."""
        return [(self[f"days-{row.kind}"], self[f"counting-{row.kind}"]) for row in self.rows]

    def levels(self) -> dict[GapKind, tuple[int, DayCount] | None]:
        """Return what is to be stored of each kind."""
        said = self.cleaned_data
        return {
            row.kind: None
            if said[f"days-{row.kind}"] is None
            else (said[f"days-{row.kind}"], DayCount(said[f"counting-{row.kind}"]))
            for row in self.rows
        }


class HolidaysForm(forms.Form):
    """Days off, one a line: day, name, and whether it is a public holiday or collective leave."""

    lines = PlainTextField(
        label=gettext_lazy("Days off"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": "2026-08-17; Hari Kemerdekaan; libur"}),
        help_text=gettext_lazy(
            "One day a line: date; name; libur or cuti. Columns copied from a spreadsheet fit as they are."
        ),
        error_messages={"required": gettext_lazy("Write or paste at least one day.")},
    )

    def clean_lines(self) -> list[tuple[date, str, str]]:
        """Read each line; every line that cannot be read is named."""
        lines = [line.strip() for line in self.cleaned_data["lines"].splitlines()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(
                _("These are %(count)d lines; at most %(most)d go in at once.")
                % {"count": len(lines), "most": MOST_LINES}
            )
        found: dict[date, tuple[date, str, str]] = {}
        wrong: list[str] = []
        for number, line in enumerate(lines, start=1):
            if not line:
                continue
            try:
                day, name, kind = _day_off(line)
            except ValueError as error:
                wrong.append(_("Line %(number)d: %(error)s") % {"number": number, "error": error})
                continue
            found[day] = (day, name, kind)
        if wrong:
            raise forms.ValidationError(wrong)
        return list(found.values())


class HoldReasonsForm(forms.Form):
    """The reasons for holding back, one a line, in the order in which they are offered."""

    seen = forms.CharField(widget=forms.HiddenInput)
    names = PlainTextField(
        label=gettext_lazy("Reasons"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "One a line. “Other” is always offered. What was chosen before keeps its words."
        ),
    )

    def clean_names(self) -> list[str]:
        """Return the reasons, each once."""
        names = list(
            dict.fromkeys(
                " ".join(line.split()) for line in self.cleaned_data["names"].splitlines() if line.strip()
            )
        )
        if len(names) > MOST_REASONS:
            raise forms.ValidationError(
                _("These are %(count)d reasons; nobody reads more than %(most)d.")
                % {"count": len(names), "most": MOST_REASONS}
            )
        long = next((name for name in names if len(name) > LONGEST_NAME), None)
        if long:
            raise forms.ValidationError(
                _("“%(name)s…” is longer than %(most)d characters.")
                % {"name": long[:30], "most": LONGEST_NAME}
            )
        return names


def _inherited(row: LevelRow) -> str:
    if row.inherited is None:
        return _("Empty: no due date.")
    return _("Empty: %(days)d %(counting)s, as in %(unit)s.") % {
        "days": row.inherited.days,
        "counting": DayCount(row.inherited.counting).label,
        "unit": row.inherited.unit.name,
    }


def _day_off(line: str) -> tuple[date, str, str]:
    parts = [part.strip() for part in SEPARATOR.split(line)]
    day = _day(parts[0])
    name = parts[1] if len(parts) > 1 else ""
    if not name:
        raise ValueError(_("the name of the day is missing; write it after the date and a semicolon."))
    if len(name) > LONGEST_NAME:
        raise ValueError(_("the name is longer than %(most)d characters.") % {"most": LONGEST_NAME})
    word = parts[2].casefold() if len(parts) > 2 and parts[2] else DayOff.PUBLIC.value
    if word not in KIND_WORDS:
        raise ValueError(_("“%(word)s” is neither libur nor cuti.") % {"word": parts[2]})
    return day, name, KIND_WORDS[word].value


def _day(text: str) -> date:
    year_first, day_first = YEAR_FIRST.fullmatch(text), DAY_FIRST.fullmatch(text)
    parts = year_first.groups() if year_first else day_first.groups()[::-1] if day_first else ()
    try:
        return date(*(int(part) for part in parts))
    except (TypeError, ValueError):
        raise ValueError(
            _("“%(text)s” is not a date. Write it like 2026-08-17 or 17-08-2026.") % {"text": text[:30]}
        ) from None
