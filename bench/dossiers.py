"""Dossiers: an item opened and saved while eight people write, the check of many, and titles looked for among many.

``python -m bench.dossiers`` prints its part of docs/capacity.md.
"""

import hashlib
import os
import re
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from random import Random

WRITERS, WRITES = 8, 40
ARCHIVED, PROOFS, PROOF_BYTES = 200, 20, 128 * 1024
DOCUMENTS, DOCUMENT_WORDS = 5_000, 400
CHECKED, CHOSEN, TITLES = 3_000, 200, 40_000
EDITION = "kipp-2023"
DAY = date(2026, 11, 24)


@dataclass(frozen=True)
class DossierMeasurement:
    """Median and p95 in milliseconds; one number where it ran once; ``beside`` tells the floor or the memory."""

    name: str
    median_ms: float
    p95_ms: float | None = None
    beside: str = ""


def measure_dossiers() -> Iterator[DossierMeasurement]:
    """Fill the empty database with units that write, and measure."""
    from tests.factories import build_town  # noqa: PLC0415  # needs the applications

    town = build_town()
    yield from _eight_writers(town)
    yield _check_of_many()
    yield from _archive_of_many(town)
    yield _words_in_many(town)
    yield from _beside_each_other(town)
    yield _nearly_the_same(town)


def section(measured: Iterator[DossierMeasurement]) -> str:
    """Return the part of the page."""
    rows = [
        f"| {one.name} | {one.median_ms:,.1f} | {'' if one.p95_ms is None else f'{one.p95_ms:,.1f}'} | {one.beside} |"
        for one in measured
    ]
    return (
        f"## Dossiers\n\nSQLite; {WRITERS} writers at once, {WRITES} savings each, every one in a dossier of its own, without network.\n\n"
        "| What | Median ms | p95 ms | Beside |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )


def _eight_writers(town: object) -> Iterator[DossierMeasurement]:
    from django.db import connections  # noqa: PLC0415  # needs the applications
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415
    from tests.factories import make_innovation, make_person  # noqa: PLC0415

    from tifa.dossiers.services.writing import start_dossier  # noqa: PLC0415
    from tifa.instruments import load_instrument  # noqa: PLC0415
    from tifa.organisation.choices import Role  # noqa: PLC0415

    unit = town.puskesmas  # type: ignore[attr-defined]  # a town of the factories
    opened: list[float] = []
    saved: list[float] = []
    faults: list[int] = []
    desks = []
    for number in range(WRITERS):
        person = make_person(f"penulis{number}@example.org", Role.OPERATOR, unit)
        dossier = start_dossier(
            actor=person,
            innovation=make_innovation(unit, title=f"Inovasi {number}"),
            instrument=load_instrument(EDITION),
            group="umum",
            now=timezone.now(),
        )
        desks.append((person, dossier.pk))

    def work(person: object, key: int) -> None:
        client = Client(SERVER_NAME="localhost")
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
        page, save = (reverse(f"dossiers:{name}", args=[key, "ringkasan"]) for name in ("answer", "autosave"))
        try:
            for turn in range(WRITES):
                began = time.perf_counter()
                faults.append(client.get(page).status_code)
                opened.append(time.perf_counter() - began)
                began = time.perf_counter()
                typed = {"version": str(turn), "text-ringkasan": f"kata {turn} " * 60}
                faults.append(client.post(save, typed).status_code)
                saved.append(time.perf_counter() - began)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=desk) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if set(faults) != {200}:
        raise RuntimeError(f"Some requests failed: {sorted(set(faults))}")
    for name, times in (
        (f"open an item, {WRITERS} writers", opened),
        (f"save an item, {WRITERS} writers", saved),
    ):
        yield DossierMeasurement(name, statistics.median(times) * 1000, _p95(times) * 1000)


def _check_of_many() -> DossierMeasurement:
    from tifa.dossiers.checking import check_dossier  # noqa: PLC0415  # needs the applications
    from tifa.dossiers.draft import read_draft  # noqa: PLC0415
    from tifa.instruments import load_instrument  # noqa: PLC0415

    instrument = load_instrument(EDITION)
    texts = {item.id: f"Kalimat yang menjawab {item.id}. " * 40 for item in instrument.items_of("umum")}
    began = time.perf_counter()
    for number in range(CHECKED):
        items = {name: f"{text} {number}" for name, text in texts.items() if name != "adaptabilitas"}
        draft = read_draft(instrument, {"title": f"Inovasi {number}", "group": "umum", "items": items})
        check_dossier(instrument, draft, on=DAY)
    return DossierMeasurement(
        f"check and readiness of {CHECKED:,} dossiers, once", (time.perf_counter() - began) * 1000
    )


def _beside_each_other(town: object) -> Iterator[DossierMeasurement]:
    """Weigh all dossiers of an edition for the choice under the cap, and compute the index of the city with them."""
    from django.utils import timezone  # noqa: PLC0415  # needs the applications
    from tests.factories import make_innovation, make_person  # noqa: PLC0415

    from tifa.chain.selectors.choosing import candidates_for  # noqa: PLC0415
    from tifa.dossiers.models import DossierAnswer  # noqa: PLC0415
    from tifa.dossiers.selectors.city import WhatIf, city_under  # noqa: PLC0415
    from tifa.dossiers.selectors.dossiers import form_items, levels_of  # noqa: PLC0415
    from tifa.dossiers.services.writing import start_dossier  # noqa: PLC0415
    from tifa.instruments import load_instrument  # noqa: PLC0415
    from tifa.instruments.schema import ChoiceItem  # noqa: PLC0415
    from tifa.organisation.choices import Role  # noqa: PLC0415
    from tifa.organisation.selectors import unit_tree  # noqa: PLC0415

    person = make_person("ortal@example.org", Role.ORTAL, town.city)  # type: ignore[attr-defined]
    edition, now = load_instrument("iga-2026"), timezone.now()
    choices = [item for item in form_items(edition, "") if isinstance(item, ChoiceItem)]
    for number in range(CHOSEN):
        innovation = make_innovation(
            town.puskesmas,  # type: ignore[attr-defined]
            title=f"Inovasi kota {number}",
            use_started=date(2025, 1, 15),
            trial_started=None,
        )
        dossier = start_dossier(actor=person, innovation=innovation, instrument=edition, group="", now=now)
        DossierAnswer.objects.bulk_create(
            DossierAnswer(
                dossier=dossier,
                item=item.id,
                texts={"level": levels_of(item)[(number + at) % len(levels_of(item))][0]},
                changed_by=person,
                changed_at=now,
            )
            for at, item in enumerate(choices)
        )
    tree = unit_tree()
    for name, work in (
        (f"the choice among {CHOSEN} dossiers", lambda: candidates_for(person, tree, edition, DAY)),
        (
            f"index of the city with {CHOSEN} dossiers, and what each adds, both ways",
            lambda: city_under(person, tree, edition, WhatIf({"spd": Fraction(40)}, ()), DAY),
        ),
    ):
        times = _timed(work, 7)
        yield DossierMeasurement(name, statistics.median(times) * 1000, _p95(times) * 1000)


def _nearly_the_same(town: object) -> DossierMeasurement:
    """Look for nearly equal titles and summaries, beside comparing each text with the library alone."""
    from django.utils import timezone  # noqa: PLC0415  # needs the applications
    from tests.factories import make_innovation, make_person  # noqa: PLC0415

    from tifa.core.likeness import nearest  # noqa: PLC0415
    from tifa.dossiers.selectors.neighbours import neighbours_of  # noqa: PLC0415
    from tifa.organisation.choices import Role  # noqa: PLC0415
    from tifa.organisation.selectors import unit_tree  # noqa: PLC0415
    from tifa.registry.models import Innovation  # noqa: PLC0415

    unit = town.puskesmas  # type: ignore[attr-defined]  # a town of the factories
    words, random = _words(), Random(6)
    texts = [" ".join(random.choices(words, k=random.randint(30, 90))) for _ in range(TITLES)]
    Innovation.objects.bulk_create(
        Innovation(
            code=f"BANYAK-{number}",
            title=" ".join(random.choices(words, k=5)),
            unit=unit,
            function="pelayanan",
            stage="penerapan",
            summary=text,
            recorded_at=timezone.now(),
        )
        for number, text in enumerate(texts)
    )
    own = make_innovation(unit, title="Perahu Sehat", summary=f"{texts[TITLES // 2]} tambahan")
    person, tree = make_person("dekat@example.org", Role.ORTAL, town.city), unit_tree()  # type: ignore[attr-defined]
    if [one.likeness >= 85 for one in neighbours_of(own, person, tree)] != [True]:
        raise RuntimeError("The copy was not found, or not alone")
    times = _timed(lambda: neighbours_of(own, person, tree), 15)
    alone = _timed(lambda: nearest(own.summary, texts, least=85, most=5), 5)
    return DossierMeasurement(
        f"a title and a summary among {TITLES:,} others",
        statistics.median(times) * 1000,
        _p95(times) * 1000,
        f"each summary compared in memory: {statistics.median(alone) * 1000:,.0f} ms",
    )


def _words() -> list[str]:
    """Return the words of the demo city, each as often as it stands there, so that common ones stay common."""
    text = (files("tifa.demo") / "data" / "innovations.yaml").read_text(encoding="utf-8")
    return re.findall(r"[^\W\d_]{2,}", text)


def _timed(work: Callable[[], object], turns: int) -> list[float]:
    times = []
    for _turn in range(turns):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return times


def _archive_of_many(town: object) -> Iterator[DossierMeasurement]:
    """Stream dossiers with their proofs as one ZIP, beside one pass over the same bytes with their SHA-256."""
    from tests.factories import make_person  # noqa: PLC0415  # needs the applications

    from tifa.core.models import StoredFile  # noqa: PLC0415
    from tifa.dossiers.models import Dossier  # noqa: PLC0415
    from tifa.dossiers.packing import packed, zip_pieces  # noqa: PLC0415
    from tifa.dossiers.selectors.dossiers import each_dossier  # noqa: PLC0415
    from tifa.organisation.choices import Role  # noqa: PLC0415

    person = make_person("arsip@example.org", Role.OPERATOR, town.puskesmas)  # type: ignore[attr-defined]
    keys = _dossiers_with_proofs(town, person)
    files = list(StoredFile.objects.all()[:PROOFS])
    next(zip_pieces([packed(Dossier.objects.get(pk=keys[0]))]))  # what is imported and loaded once
    memory = _peak()
    began = time.perf_counter()
    size = sum(len(piece) for piece in zip_pieces(packed(one, f"{one.pk}/") for one in each_dossier(keys)))
    took = time.perf_counter() - began
    grown = _peak() - memory
    began = time.perf_counter()
    for _dossier in keys:
        for stored in files:
            with stored.file.open("rb") as file:
                hashlib.sha256(file.read())
    floor = time.perf_counter() - began
    yield DossierMeasurement(
        f"ZIP of {ARCHIVED} dossiers with {PROOFS} proofs each, {size / 2**20:,.0f} MB, once",
        took * 1000,
        beside=f"peak memory grew by {grown:.0f} MB; reading and hashing the proofs alone {floor * 1000:,.0f} ms",
    )


def _dossiers_with_proofs(town: object, person: object) -> list[int]:
    from django.core.files.base import ContentFile  # noqa: PLC0415  # needs the applications
    from django.utils import timezone  # noqa: PLC0415
    from tests.factories import make_innovation  # noqa: PLC0415

    from tifa.core.models import StoredFile  # noqa: PLC0415
    from tifa.dossiers.services.writing import start_dossier  # noqa: PLC0415
    from tifa.instruments import load_instrument  # noqa: PLC0415
    from tifa.registry.models import Evidence  # noqa: PLC0415

    files = []
    for number in range(PROOFS):
        data = b"%PDF-1.7\n" + bytes([number]) * PROOF_BYTES
        stored = StoredFile(
            name=f"bukti{number}.pdf",
            content_type="application/pdf",
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            uploaded_by=person,  # type: ignore[misc]  # a person of the factories
            uploaded_at=timezone.now(),
        )
        stored.file.save(stored.name, ContentFile(data))
        files.append(stored)
    keys = []
    for number in range(ARCHIVED):
        innovation = make_innovation(town.puskesmas, title=f"Arsip {number}")  # type: ignore[attr-defined]
        Evidence.objects.bulk_create(
            Evidence(
                innovation=innovation,
                kind="keputusan",
                title=f"Bukti {at}",
                file=stored,
                added_by=person,  # type: ignore[misc]  # as above
                added_at=timezone.now(),
            )
            for at, stored in enumerate(files)
        )
        dossier = start_dossier(
            actor=person,  # type: ignore[arg-type]  # as above
            innovation=innovation,
            instrument=load_instrument(EDITION),
            group="umum",
            now=timezone.now(),
        )
        keys.append(dossier.pk)
    return keys


def _words_in_many(town: object) -> DossierMeasurement:
    """Look for two words in the texts of many documents, of which each holds some and one holds both."""
    from django.utils import timezone  # noqa: PLC0415  # needs the applications
    from tests.factories import make_innovation, make_person  # noqa: PLC0415

    from tifa.core.models import StoredFile  # noqa: PLC0415
    from tifa.organisation.choices import Role  # noqa: PLC0415
    from tifa.registry.models import Evidence, FileReading  # noqa: PLC0415
    from tifa.registry.selectors import found_in_vault, vault  # noqa: PLC0415

    person = make_person("ortal-bench@example.org", Role.ORTAL, town.city)  # type: ignore[attr-defined]
    innovation = make_innovation(town.puskesmas, title="Dokumen")  # type: ignore[attr-defined]
    now, words = timezone.now(), ["pelayanan", "warga", "kampung", "antrean", "loket", "keputusan"]
    stored = StoredFile.objects.bulk_create(
        StoredFile(
            file=f"tidak/ada{number}.pdf",
            name=f"dokumen{number}.pdf",
            content_type="application/pdf",
            size=1,
            sha256=hashlib.sha256(str(number).encode()).hexdigest(),
            uploaded_by=person,
            uploaded_at=now,
        )
        for number in range(DOCUMENTS)
    )
    FileReading.objects.bulk_create(
        FileReading(
            sha256=one.sha256,
            text=" ".join(f"{words[(at + number) % 6]}{at}" for at in range(DOCUMENT_WORDS))
            + (" penetapan tobati" if number == DOCUMENTS // 2 else ""),
            read_at=now,
        )
        for number, one in enumerate(stored)
    )
    Evidence.objects.bulk_create(
        Evidence(
            innovation=innovation, kind="keputusan", title="Surat", file=one, added_by=person, added_at=now
        )
        for one in stored
    )
    times = []
    for _turn in range(15):
        began = time.perf_counter()
        found = list(found_in_vault(vault(person), "tobati penetapan", person)[:30])
        times.append(time.perf_counter() - began)
        if len(found) != 1:
            raise RuntimeError(f"Found {len(found)} documents; expected one.")
    return DossierMeasurement(
        f"two words in {DOCUMENTS:,} documents of {DOCUMENT_WORDS} words",
        statistics.median(times) * 1000,
        _p95(times) * 1000,
    )


def _peak() -> float:
    """Return the most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _p95(times: list[float]) -> float:
    return sorted(times)[max(0, round(len(times) * 0.95) - 1)]


def main() -> None:
    """Measure on a database of its own, and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tifa.config.settings.testing")
    import django  # noqa: PLC0415  # the settings come first

    django.setup()
    from bench.report import fresh_database  # noqa: PLC0415  # needs the applications

    with tempfile.TemporaryDirectory(prefix="tifa-bench-") as folder:
        fresh_database(Path(folder) / "dossiers.sqlite3")
        sys.stdout.write(section(measure_dossiers()))


if __name__ == "__main__":
    main()
