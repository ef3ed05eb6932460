"""Each cue alone: what is proposed, what is told apart, and why."""

import random
import time

import pytest

from tifa.discovery.engine import Candidate, discover

REGION = "Kota Jayapura"


def names(source: str, region: str | None = REGION) -> list[str]:
    return [one.name for one in discover(source, region) if one.reason is None]


def only(source: str, region: str | None = REGION) -> Candidate:
    [candidate] = discover(source, region)
    return candidate


@pytest.mark.parametrize(
    "source",
    [
        "Dinas Sosial menjalankan layanan bernama Ketuk Warga sejak 2021.",
        "Dinas Sosial meluncurkan Ketuk Warga untuk mengantar bantuan.",
        "Lewat program Ketuk Warga, Dinas Sosial mengantar bantuan.",
        "Dinas Sosial punya “Ketuk Warga”, layanan antar bantuan.",
        "Ketuk Warga, layanan antar bantuan milik Dinas Sosial, dipakai 300 orang.",
        "Bantuan diantar ke rumah. Ketuk Warga, begitu petugas menyebutnya, dijalankan Dinas Sosial.",
        "Nama inovasi: Ketuk Warga\nUnit: Dinas Sosial",
        "Dua inovasi dinilai: Ketuk Warga (Dinas Sosial) dan Antar Obat (RSUD).",
    ],
)
def test_each_cue_finds_the_name(source: str) -> None:
    assert "Ketuk Warga" in names(source)


@pytest.mark.parametrize(
    ("source", "short", "long"),
    [
        (
            "Bapenda membuka Lapak Pajak (Layanan Pembayaran Akhir Pekan).",
            "Lapak Pajak",
            "Layanan Pembayaran Akhir Pekan",
        ),
        (
            "Dinkes memakai SEPEKAN, singkatan dari Sehari Periksa Kandungan.",
            "SEPEKAN",
            "Sehari Periksa Kandungan",
        ),
        ("Dinkes meluncurkan SEPEKAN alias Sehari Periksa Kandungan.", "SEPEKAN", "Sehari Periksa Kandungan"),
        (
            "Dinkes meluncurkan Sehari Periksa Kandungan yang disingkat SEPEKAN.",
            "SEPEKAN",
            "Sehari Periksa Kandungan",
        ),
        ("Puskesmas membawa SEPEKAN, Sehari Periksa Kandungan.", "SEPEKAN", "Sehari Periksa Kandungan"),
        (
            "SEPEKAN dibuka Dinkes. Kepanjangannya Sehari Periksa Kandungan.",
            "SEPEKAN",
            "Sehari Periksa Kandungan",
        ),
    ],
)
def test_acronym_is_paired_with_what_it_stands_for(source: str, short: str, long: str) -> None:
    found = {one.name: one.expansion for one in discover(source, REGION)}

    assert found == {short: long}


@pytest.mark.parametrize(
    "source",
    [
        "Kota Jayapura meraih penghargaan Adipura dari Kementerian Lingkungan Hidup.",
        "Wali Kota Jayapura menghadiri Rapat Koordinasi di Hotel Horison, Senin (2/3/2024).",
        "Operator mengisi SIPD dan SP4N-LAPOR! sebelum Jumat.",
        "Kepala Dinas Sosial, Maria Rumbiak, mengatakan bantuan tiba hari ini. “Semua lancar,” kata Rumbiak.",
        "Pemerintah membangun Jembatan Youtefa dan Pasar Hamadi.",
        "Warga menerima beras dari Badan Pangan Nasional.",
        "Peringatan Hari Anak Nasional digelar di Taman Imbi.",
    ],
)
def test_what_is_no_innovation_is_not_proposed(source: str) -> None:
    assert names(source) == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("Dinas Sosial berencana meluncurkan aplikasi Ketuk Warga tahun depan.", "planned"),
        ("Aplikasi Ketuk Warga milik Kementerian Sosial dipakai Dinas Sosial.", "national"),
        ("Polres Jayapura meluncurkan aplikasi Ketuk Warga.", "not a local government"),
        ("Wali kota belajar ke Kota Bandung yang memiliki aplikasi Ketuk Warga.", "other region"),
    ],
)
def test_what_is_not_own_or_not_running_says_why(source: str, reason: str) -> None:
    assert only(source).reason == reason


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("Dinas Sosial meluncurkan aplikasi Ketuk Warga, Senin (4/3/2024).", "launched"),
        ("Aplikasi Ketuk Warga diuji coba Dinas Sosial di dua kelurahan.", "trial"),
        ("Aplikasi Ketuk Warga sudah dipakai Dinas Sosial.", "implemented"),
        ("Dinas Sosial akan membuat aplikasi Ketuk Warga.", "planned"),
    ],
)
def test_status_is_read(source: str, status: str) -> None:
    assert only(source).status == status


def test_owner_year_and_sentence_are_read() -> None:
    found = only(
        "Rapat dibuka. Sejak 2021 Dinas Sosial menjalankan aplikasi Ketuk Warga untuk lansia. Rapat ditutup."
    )

    assert (found.owner, found.year, found.own) == ("Dinas Sosial", 2021, True)
    assert found.sentence == "Sejak 2021 Dinas Sosial menjalankan aplikasi Ketuk Warga untuk lansia."
    assert 0.5 <= found.confidence <= 1


def test_old_and_new_name_are_one() -> None:
    found = only(
        "Dinas Sosial menjalankan aplikasi Ketuk Warga. Tahun 2023 namanya berubah menjadi Ketuk Pintu Warga."
    )

    assert (found.name, found.aliases) == ("Ketuk Pintu Warga", ("Ketuk Warga",))


def test_same_text_gives_the_same() -> None:
    source = "Dinas Sosial meluncurkan aplikasi Ketuk Warga. RSUD memakai Antar Obat, layanan kurir."

    assert discover(source, REGION) == discover(source, REGION)


def test_name_that_stands_in_many_parts_is_one_candidate() -> None:
    line = "Dinas Sosial menjalankan aplikasi Ketuk Warga di semua kelurahan.\n\n"

    assert [one.name for one in discover(line * 1000, REGION)] == ["Ketuk Warga"]


@pytest.mark.parametrize(
    "source",
    [
        "",
        " \n ",
        "((((((" * 5000,
        "“" * 20_000,
        "A " * 50_000,
        "-" * 50_000,
        "Ketuk Warga " * 20_000,
        "\ud83d\ude00" * 10,
    ],
)
def test_odd_texts_are_read_in_reasonable_time(source: str) -> None:
    started = time.process_time()

    discover(source, REGION)

    assert time.process_time() - started < 20


def test_random_text_never_breaks() -> None:
    chance = random.Random(5)
    alphabet = "aB cD.,:;()“”\"'-–\n1 #@!?éÿ漢"

    for _round in range(200):
        discover("".join(chance.choices(alphabet, k=300)), chance.choice([None, REGION, ""]))
