"""Short names fit what they stand for, and not other phrases."""

import pytest

from tifa.discovery.abbreviations import abbreviation_score

FITTING = [
    ("SEPADAN", "Sistem Pelayanan Dalam Jaringan"),
    ("Bakul Mesra", "Bantuan Keluarga Melalui Sekolah Rakyat"),
    ("TEMPO", "Tenaga Medis Pulau Obi"),
    ("Kopi Subuh", "Komunikasi Pimpinan Setiap Subuh"),
]
STRANGE = [
    ("SEPADAN", "Kepala Bagian Organisasi"),
    ("TEMPO", "Dinas Kesehatan Kota"),
    ("Bakul", "Rapat Kerja"),
]


@pytest.mark.parametrize(("short", "long"), FITTING)
def test_fitting_pairs_score_high(short: str, long: str) -> None:
    assert abbreviation_score(short, long) > 0.7


@pytest.mark.parametrize(("short", "long"), STRANGE)
def test_other_phrases_score_low(short: str, long: str) -> None:
    assert abbreviation_score(short, long) < 0.62


@pytest.mark.parametrize(
    ("short", "long"), [("", ""), ("A", "Antar Obat"), ("ANTAR", "Antar"), ("AB" * 50, "Antar Obat Jauh")]
)
def test_what_is_no_pair_scores_nothing(short: str, long: str) -> None:
    assert abbreviation_score(short, long) == 0.0
