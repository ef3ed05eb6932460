"""Ten thousand mixed writes by eight people at once: whatever was acknowledged is there, on both databases."""

import random
import threading
from collections import Counter

import pytest
from django.db import connection, connections
from django.utils import timezone

from tests.factories import Town, make_innovation
from tifa.dossiers.choices import Block
from tifa.dossiers.models import Comment, Dossier, DossierAnswer, Story
from tifa.dossiers.services.proof import replace_proof
from tifa.dossiers.services.writing import StaleText, comment, save_answer, save_story, start_dossier
from tifa.instruments import load_instrument
from tifa.organisation.models import Person
from tifa.registry.models import Evidence, EvidenceVersion
from tifa.registry.services import StaleEvidence

PEOPLE, WRITES, DOSSIERS = 8, 1_250, 5
ITEMS = ("ringkasan", "kebaruan", "implementasi", "signifikansi")
BLOCKS = (Block.PROBLEM, Block.WORKING)


class Writer:
    """One person who writes at random, tries again after a refusal, and notes what was acknowledged."""

    def __init__(self, person: Person, number: int, dossiers: list[Dossier]) -> None:
        self.person, self.number, self.dossiers = person, number, dossiers
        self.random = random.Random(number)  # the same course every time
        self.acknowledged: Counter[str] = Counter()
        self.words: list[tuple[int, str, str]] = []
        self.refused = 0

    def run(self) -> None:
        """Write so many times."""
        for at in range(WRITES):
            kind = self.random.choices((self.answer, self.story, self.remark, self.replace), (75, 10, 10, 5))[
                0
            ]
            dossier = self.random.choice(self.dossiers)
            while not kind(dossier, f"p{self.number}k{at}"):
                self.refused += 1
            self.acknowledged[kind.__name__] += 1

    def answer(self, dossier: Dossier, word: str) -> bool:
        """Add a word to an answer as it was read."""
        item = self.random.choice(ITEMS)
        seen = DossierAnswer.objects.filter(dossier=dossier, item=item).first()
        text = f"{seen.texts[item]} {word}" if seen else word
        try:
            save_answer(
                actor=self.person,
                dossier=dossier,
                item=item,
                texts={item: text},
                version=seen.version if seen else 0,
                now=timezone.now(),
            )
        except StaleText:
            return False
        self.words.append((dossier.pk, item, word))
        return True

    def story(self, dossier: Dossier, word: str) -> bool:
        """Add a word to a part of the story."""
        block = self.random.choice(BLOCKS)
        seen = Story.objects.filter(innovation=dossier.innovation, block=block).first()
        try:
            save_story(
                actor=self.person,
                innovation=dossier.innovation,
                block=block,
                text=f"{seen.text} {word}" if seen else word,
                version=seen.version if seen else 0,
                now=timezone.now(),
            )
        except StaleText:
            return False
        self.words.append((dossier.innovation_id, block, word))
        return True

    def remark(self, dossier: Dossier, word: str) -> bool:
        """Comment on an item."""
        comment(author=self.person, dossier=dossier, item=ITEMS[0], text=word, now=timezone.now())
        return True

    def replace(self, dossier: Dossier, word: str) -> bool:
        """Put another link in the place of the evidence."""
        seen = Evidence.objects.select_related("innovation").get(innovation=dossier.innovation)
        try:
            replace_proof(
                actor=self.person,
                evidence=seen,
                version=seen.version,
                url=f"https://contoh.example.org/{word}",
            )
        except StaleEvidence:
            return False
        return True


@pytest.mark.django_db(transaction=True)
def test_no_acknowledged_write_is_lost(town: Town, operator: Person) -> None:
    dossiers = [_dossier(town, operator, number) for number in range(DOSSIERS)]
    writers = [Writer(operator, number, dossiers) for number in range(PEOPLE)]
    broken: list[BaseException] = []

    def work(writer: Writer) -> None:
        try:
            writer.run()
        except BaseException as error:  # told by the test
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(writer,)) for writer in writers]
    connection.close()  # the pool holds as many as write at once
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert broken == []
    done = sum((one.acknowledged for one in writers), Counter[str]())
    assert done.total() == PEOPLE * WRITES
    texts = {
        (row.dossier_id, row.item): row.texts[row.item].split() for row in DossierAnswer.objects.all()
    } | {(row.innovation_id, row.block): row.text.split() for row in Story.objects.all()}
    told = Counter(word for one in writers for word in one.words)
    found = Counter((key, place, word) for (key, place), words in texts.items() for word in words)
    assert found == told
    assert Comment.objects.count() == done["remark"]
    assert EvidenceVersion.objects.count() == done["replace"]
    assert sum(one.version - 1 for one in Evidence.objects.all()) == done["replace"]


def _dossier(town: Town, operator: Person, number: int) -> Dossier:
    innovation = make_innovation(town.puskesmas, title=f"Inovasi {number}")
    Evidence.objects.create(
        innovation=innovation,
        kind="keputusan",
        title="Keputusan",
        url="https://contoh.example.org/awal",
        added_by=operator,
        added_at=timezone.now(),
    )
    return start_dossier(
        actor=operator,
        innovation=innovation,
        instrument=load_instrument("kipp-2023"),
        group="",
        now=timezone.now(),
    )
