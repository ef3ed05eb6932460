"""What the checks of all sheets share: the rows, the errors, and what a person may touch."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tifa.core.audit import Action
from tifa.core.spreadsheets import CellError, Row, WorkbookReading
from tifa.exchange.report import Tally

BATCH = 1000
CODE = re.compile(r"[\w.\-/]+")
SHOWN = 60


@dataclass
class Desk:
    """A workbook under examination.

    ``locked`` says that the rows found in the database are to be locked, because they will be changed.
    ``reach`` holds the codes of the units whose things may be touched; None means all.
    """

    reading: WorkbookReading
    locked: bool = False
    reach: frozenset[str] | None = None

    def rows(self, sheet: str) -> list[Row]:
        """Return the rows of a sheet, none when the workbook does not have it."""
        return self.reading.rows.get(sheet, [])

    def refuse(self, sheet: str, row: Row, column: str, expected: str, *, found: str | None = None) -> None:
        """Note an error of a cell."""
        text = row.text(column) if found is None else found
        shown = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
        self.reading.refuse(CellError(sheet, row.number, column, shown, expected))

    def check_code(self, sheet: str, row: Row, column: str) -> str:
        """Return the code in a cell, noting an error when it has another form; empty when there is none."""
        code = row.text(column)
        if code and not CODE.fullmatch(code):
            self.refuse(sheet, row, column, _("a code of letters, digits, dots, hyphens and slashes"))
        return code

    def check_once(self, sheet: str, row: Row, column: str, first: int | None) -> bool:
        """Return whether a key stands for the first time; ``first`` is the row where it stood before."""
        if first is None:
            return True
        self.refuse(sheet, row, column, _("each row once; the same stands in row %d already") % first)
        return False

    def check_reach(self, sheet: str, row: Row, column: str, unit: str) -> None:
        """Note an error when a row concerns a unit that the person does not reach."""
        if self.reach is not None and unit not in self.reach:
            self.refuse(sheet, row, column, _("something of your own units; “%s” is not one of them") % unit)


@dataclass(frozen=True)
class Written:
    """What was written of one sheet: how much, and the events for the log."""

    tally: Tally
    actions: tuple[Action, ...] = ()
