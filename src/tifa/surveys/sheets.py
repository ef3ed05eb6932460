"""What a sheet asks, and how its answers are stored; apart from the numbers, so that taking answers in loads no NumPy."""

from collections.abc import Mapping

from tifa.instruments import Instrument
from tifa.instruments.schema import ScaleItem

NOTHING = "-"


def items_of(instrument: Instrument) -> list[ScaleItem]:
    """Return what is asked: the items on a scale, in the order of the edition."""
    return [item for item in instrument.items if isinstance(item, ScaleItem)]


def packed(instrument: Instrument, answers: Mapping[str, int | None]) -> str:
    """Return answers as they are stored, one sign for each item."""
    given = (answers.get(item.id) for item in items_of(instrument))
    return "".join(NOTHING if value is None else str(value) for value in given)
