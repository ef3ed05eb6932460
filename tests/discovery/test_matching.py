"""The same thing is found however it is written; what only resembles it is shown as near."""

import pytest

from tifa.discovery.engine import Candidate, discover
from tifa.discovery.matching import Register
from tifa.discovery.registry import Entry, UnreadableRegistry, parse_registry

REGION = "Kota Jayapura"
ENTRY = Entry("r1", "Ketuk Warga", "Dinas Sosial Kota Jayapura", "Bantuan diantar ke rumah lansia.")


def candidate(
    name: str, expansion: str | None = None, owner: str | None = None, context: str = ""
) -> Candidate:
    return Candidate(name, expansion, owner, None, "implemented", True, context, 0.9, None, context)


@pytest.mark.parametrize(
    "name",
    [
        "Ketuk Warga",
        "KETUK-WARGA",
        "ketukwarga",
        "Warga Ketuk",
        "Ketuk Wargaa",
        "Program Ketuk Warga",
        "Ketuk Warga Jayapura",
    ],
)
def test_spellings_of_one_name_match(name: str) -> None:
    verdict = Register([ENTRY]).look_up(candidate(name), REGION)

    assert verdict.match is not None
    assert verdict.match.entry is ENTRY


@pytest.mark.parametrize(
    ("found", "entry"),
    [
        (candidate("SEPEKAN"), Entry("r", "Sehari Periksa Kandungan")),
        (candidate("Periksa Cepat", "Sehari Periksa Kandungan"), Entry("r", "Sehari Periksa Kandungan")),
        (candidate("Sehari Periksa Kandungan"), Entry("r", "SEPEKAN", aliases=("Sehari Periksa Kandungan",))),
        (candidate("S.P.K."), Entry("r", "Sehari Periksa Kandungan")),
        (candidate("Kelas Ibu Tangguh"), Entry("r", "Kelas Ibu", aliases=("Kelas Ibu Tangguh",))),
    ],
)
def test_acronyms_and_old_names_match(found: Candidate, entry: Entry) -> None:
    verdict = Register([entry]).look_up(found, REGION)

    assert verdict.match is not None


def test_old_name_of_a_renamed_candidate_matches() -> None:
    [found] = discover(
        "Dinas Sosial menjalankan aplikasi Ketuk Warga. Tahun 2023 namanya berubah menjadi Sapa Lansia.",
        REGION,
    )

    assert Register([ENTRY]).look_up(found, REGION).match is not None


@pytest.mark.parametrize(
    ("found", "entry"),
    [
        (candidate("Ketuk Warga"), Entry("r", "Ketuk Warga", "Dinas Sosial Kota Bandung")),
        (candidate("Ketuk Warga"), Entry("r", "Ketuk Warga", "Dinas Sosial Kabupaten Jayapura")),
        (candidate("Ketuk"), Entry("r", "Ketuk Malam", "Satpol PP Kota Jayapura", "Patroli malam.")),
        (
            candidate("SEPEKAN", "Sehari Periksa Kandungan"),
            Entry("r", "SEPEKAN", aliases=("Sekolah Pekan Anak",)),
        ),
        (
            candidate("SIPADA", owner="RSUD Abepura", context="SIPADA mempercepat antrean pasien."),
            Entry("r", "SIPADAN", "BKPSDM Kota Jayapura", "Disiplin pegawai."),
        ),
    ],
)
def test_namesakes_are_near_and_no_match(found: Candidate, entry: Entry) -> None:
    verdict = Register([entry]).look_up(found, REGION)

    assert verdict.match is None
    assert [near.entry for near in verdict.near] == [entry]


def test_strangers_are_neither() -> None:
    verdict = Register([ENTRY]).look_up(candidate("Kebun Sekolah"), REGION)

    assert (verdict.match, verdict.near) == (None, ())


def test_empty_registry_knows_nothing() -> None:
    assert Register([]).look_up(candidate("Ketuk Warga"), None).match is None


def test_registry_is_read_with_its_aliases() -> None:
    text = "- id: r1\n  name: Ketuk Warga\n  aliases: [Sapa Lansia]\n- {id: '2', name: no}\n"

    assert parse_registry(text, name="daftar.yaml") == [
        Entry("r1", "Ketuk Warga", aliases=("Sapa Lansia",)),
        Entry("2", "no"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id: r1", "found no list"),
        ("- r1", "entry 1: found no block"),
        ("- id: r1", "line 1: found no name"),
        ("- {id: a, name: x}\n- {id: a, name: y}", "the id 'a' a second time"),
        ("- {id: a, name: x, aliases: y}", "aliases: found something else"),
        ("- &a {id: a, name: x}\n- *a", "found *a"),
        ("- {id: a, id: b, name: x}", "the key 'id' a second time"),
        ("- !!python/object:os.system {id: a}", "found the tag"),
        ("[" * 100, "more than 40 levels"),
        ("- {id: a", "this is not YAML"),
    ],
)
def test_broken_registry_is_a_sentence(text: str, told: str) -> None:
    with pytest.raises(UnreadableRegistry, match=r"daftar\.yaml") as error:
        parse_registry(text, name="daftar.yaml")

    assert told in str(error.value)
    assert str(error.value).endswith(".")
