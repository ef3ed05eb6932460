"""The published standards: read from packs, checked, scored, compared, and handed out as rubrics."""

from tifa.instruments.diff import Difference, differences_between
from tifa.instruments.language import spoken
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
from tifa.instruments.rubrics import NoRubric, Rubric, RubricQuestion, RubricSection, rubric
from tifa.instruments.sampling import NoSample, SampleSize, sample_sizes
from tifa.instruments.schema import Instrument
from tifa.instruments.scoring import BadAnswers, Outcome, outcome_to_json, score

__all__ = [
    "BadAnswers",
    "BrokenInstrument",
    "Difference",
    "Instrument",
    "InstrumentSummary",
    "NoRubric",
    "NoSample",
    "Outcome",
    "Rubric",
    "RubricQuestion",
    "RubricSection",
    "SampleSize",
    "UnknownInstrument",
    "differences_between",
    "digest",
    "instrument_from_json",
    "instrument_to_json",
    "list_instruments",
    "load_instrument",
    "outcome_to_json",
    "rubric",
    "sample_sizes",
    "score",
    "spoken",
]
