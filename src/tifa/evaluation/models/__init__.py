"""Rounds, their entries and judges, conflicts, assignments, scores and published rankings."""

from tifa.evaluation.models.moderation import ModerationNote, Revision, Settlement
from tifa.evaluation.models.panel import Assignment, AssignmentPlan, Conflict, ConflictWaiver, PanelMember
from tifa.evaluation.models.reopening import Reopening
from tifa.evaluation.models.results import Assessment, RankingPublication
from tifa.evaluation.models.rounds import TOPIC_LENGTH, Amendment, Entry, EntryProposal, Round
from tifa.evaluation.models.scores import Score, ScoreSheet
from tifa.evaluation.models.training import TrainingExample, TrainingNote, TrainingSheet

__all__ = [
    "TOPIC_LENGTH",
    "Amendment",
    "Assessment",
    "Assignment",
    "AssignmentPlan",
    "Conflict",
    "ConflictWaiver",
    "Entry",
    "EntryProposal",
    "ModerationNote",
    "PanelMember",
    "RankingPublication",
    "Reopening",
    "Revision",
    "Round",
    "Score",
    "ScoreSheet",
    "Settlement",
    "TrainingExample",
    "TrainingNote",
    "TrainingSheet",
]
