"""Scores answers under an instrument: exact, with the tree that explains the result."""

from tifa.instruments.scoring.answers import AnswerFault, BadAnswers, read_answers
from tifa.instruments.scoring.facts import Facts, Finding, Given, Members
from tifa.instruments.scoring.outcome import Compared, Node, Outcome, node_to_json, outcome_to_json
from tifa.instruments.scoring.score import scope_outcome, score
from tifa.instruments.scoring.words import count_words

__all__ = [
    "AnswerFault",
    "BadAnswers",
    "Compared",
    "Facts",
    "Finding",
    "Given",
    "Members",
    "Node",
    "Outcome",
    "count_words",
    "node_to_json",
    "outcome_to_json",
    "read_answers",
    "scope_outcome",
    "score",
]
