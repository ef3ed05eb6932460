"""Discovery: news items a minute on one core, with registries of several sizes."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tifa.discovery.documents import Item, read_path
from tifa.discovery.engine import discover
from tifa.discovery.lexicon import load_lexicon
from tifa.discovery.matching import Register
from tifa.discovery.registry import Entry

TEXTS = Path(__file__).resolve().parents[1] / "tests" / "discovery" / "labelled.yaml"
SIZES = (100, 1_000, 10_000)
ITEMS = 1_000
WORDS = [
    "sistem",
    "layanan",
    "gerakan",
    "kartu",
    "kampung",
    "warga",
    "cepat",
    "sehat",
    "pintar",
    "akta",
    "sampah",
    "parkir",
    "pajak",
    "kelas",
    "perahu",
    "bidan",
    "dokter",
    "rumah",
    "singgah",
    "pasar",
    "antar",
    "jemput",
    "lapor",
    "tanya",
    "pagi",
    "malam",
    "keluarga",
    "ibu",
    "anak",
    "lansia",
    "data",
    "arsip",
    "izin",
    "usaha",
    "tani",
    "ikan",
    "air",
    "jalan",
    "lampu",
    "buku",
    "baca",
    "hutan",
    "pantai",
    "sungai",
    "gizi",
    "obat",
    "ambulans",
    "puskesmas",
    "lurah",
    "camat",
    "desa",
    "kota",
    "terpadu",
    "mandiri",
]


@dataclass(frozen=True)
class DiscoveryMeasurement:
    """How fast texts are read and matched with a registry of a size."""

    entries: int
    load_seconds: float
    items_a_minute: float


def measure_discovery(sizes: tuple[int, ...] = SIZES, items: int = ITEMS) -> Iterator[DiscoveryMeasurement]:
    """Yield one row a registry size; the labelled texts are read over and over, each with a new number in it."""
    texts = read_path(TEXTS).items
    load_lexicon()
    for size in sizes:
        started = time.process_time()
        register = Register(_entries(size))
        loaded = time.process_time()
        for number in range(items):
            _look(texts[number % len(texts)], number, register)
        seconds = time.process_time() - loaded
        yield DiscoveryMeasurement(size, loaded - started, round(items / seconds * 60))


def _look(item: Item, number: int, register: Register) -> None:
    for candidate in discover(f"{item.text}\n\nNomor berita {number}.", item.region):
        register.look_up(candidate, item.region)


def _entries(size: int) -> list[Entry]:
    """Return made-up innovations; a third has an acronym and what it stands for."""
    chance = random.Random(7)  # repeatable, not secret
    entries = []
    for number in range(size):
        words = chance.choices(WORDS, k=chance.randint(2, 5))
        long = " ".join(words).title()
        short = "".join(word[: chance.randint(1, 3)] for word in words).upper()
        name = f"{short} {number % 97}" if number % 3 == 0 else f"{long} {chance.choice(WORDS).title()}"
        entries.append(
            Entry(f"reg-{number}", name, "Dinas Kesehatan", " ".join(chance.choices(WORDS, k=8)), (long,))
        )
    return entries


if __name__ == "__main__":
    for row in measure_discovery():
        print(row)
