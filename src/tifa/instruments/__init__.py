"""The published standards: read from packs, checked, and handed out as rubrics."""

from tifa.instruments.loading import (
    BrokenInstrument,
    InstrumentSummary,
    UnknownInstrument,
    digest,
    instrument_from_json,
    instrument_to_json,
    list_instruments,
    load_instrument,
)
from tifa.instruments.rubrics import NoRubric, Rubric, RubricSection, rubric
from tifa.instruments.schema import Instrument

__all__ = [
    "BrokenInstrument",
    "Instrument",
    "InstrumentSummary",
    "NoRubric",
    "Rubric",
    "RubricSection",
    "UnknownInstrument",
    "digest",
    "instrument_from_json",
    "instrument_to_json",
    "list_instruments",
    "load_instrument",
    "rubric",
]
