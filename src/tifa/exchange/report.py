"""What a look at a workbook found, or what taking it over did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tifa.core.spreadsheets import CellError


@dataclass(frozen=True)
class Tally:
    """How many rows of a sheet are new, differ from what is stored, or say the same."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class ImportReport:
    """The result of a check or of an import; nothing is stored unless ``applied``."""

    file: str
    digest: str
    applied: bool
    sheets: Mapping[str, Tally] = field(default_factory=dict)
    errors: Sequence[CellError] = ()
    error_count: int = 0
    notices: Sequence[str] = ()
    refusal: str = ""

    @property
    def acceptable(self) -> bool:
        """Whether the workbook can be taken over as it is."""
        return not self.refusal and not self.error_count

    @property
    def differs(self) -> bool:
        """Whether the workbook says anything that is not stored yet."""
        return any(tally.created or tally.changed for tally in self.sheets.values())

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON values; a file that is refused as a whole is one error without a place."""
        errors = [_error(error) for error in self.errors]
        if self.refusal:
            errors = [
                {"sheet": "", "row": 0, "column": "", "found": "", "expected": "", "message": self.refusal},
                *errors,
            ]
        return {
            "file": self.file,
            "digest": self.digest,
            "applied": self.applied,
            "sheets": {name: vars(tally) for name, tally in self.sheets.items()},
            "errors": errors,
            "error_count": self.error_count + bool(self.refusal),
            "notices": list(self.notices),
        }


def _error(error: CellError) -> dict[str, Any]:
    return {**vars(error), "message": error.message}
