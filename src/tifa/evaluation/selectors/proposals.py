"""Reads what units wrote for the judges, beside the rubric it is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass

from tifa.dossiers.selectors.dossiers import ready_texts
from tifa.evaluation.models import Entry, EntryProposal, Round
from tifa.evaluation.selectors.rubrics import label_of, rubric_of
from tifa.instruments import Rubric, RubricSection
from tifa.instruments.scoring.words import count_words

Texts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class ProposalPart:
    """What is written for a section: texts with the question that each answers, empty for the section itself."""

    section: RubricSection
    texts: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        """Return the name of the section."""
        return label_of(self.section)

    @property
    def words(self) -> int:
        """Return how many words it has."""
        return sum(count_words(text) for _question, text in self.texts)


def proposal_of(entry: Entry, rubric: Rubric) -> tuple[ProposalPart, ...]:
    """Return the proposal of an entry in the order of the rubric; empty when none was ready as the round opened."""
    stored: EntryProposal | None = getattr(entry, "proposal", None)
    if stored is None:
        return ()
    return tuple(
        ProposalPart(section, _written(section, stored.texts.get(section.id, {})))
        for section in rubric.sections
    )


def ready_proposals(round_: Round) -> dict[int, Texts]:
    """Return by key of the entry what the ready dossiers say for the sections of a round that has not opened yet."""
    sections = {section.id for section in rubric_of(round_).sections}
    entries = dict(
        Entry.objects.filter(round=round_, withdrawn_at=None).order_by().values_list("innovation", "pk")
    )
    written = ready_texts(round_.instrument_id, entries)
    kept = {
        entries[key]: {item: texts for item, texts in items.items() if item in sections}
        for key, items in written.items()
    }
    return {entry: items for entry, items in kept.items() if items}


def _written(section: RubricSection, texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    places = [(one.id, label_of(one)) for one in section.questions] or [(section.id, "")]
    return tuple((label, texts[name]) for name, label in places if name in texts)
