"""Words are counted as a person counts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tifa.instruments.scoring import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("   \n\t ", 0),
        ("satu", 1),
        ("undang-undang", 1),
        ("kura-kura, biri-biri", 2),
        ("Jum'at Jum’at", 2),
        ("dan/atau", 1),
        ("Rp1.250.000,50 untuk 3,5 jam", 4),
        ("pukul 08:30-10.15 WIT", 3),
        ("Nomor 23 Tahun 2014", 4),
        ("2021-2023", 1),
        ("satu,dua;tiga", 3),
        ("satu - dua — tiga – empat", 4),
        ("“Perahu” (Puskesmas Terapung)", 3),
        ("lihat https://contoh.go.id/a?b=1&c=2 dan surat@contoh.go.id", 4),
        ("S.Sos., M.Si.", 2),
        ("naïve Ångström 東京", 3),
        ("• butir\n1) dua\n2) tiga", 5),
        ("50 % dari 10%", 3),
    ],
)
def test_count_words(text: str, words: int) -> None:
    assert count_words(text) == words


def test_words_are_not_characters() -> None:
    assert count_words("kata " * 200) == 200
    assert count_words("a" * 1200) == 1


@given(st.lists(st.text("abcdefgh", min_size=1), max_size=30))
def test_plain_words_are_counted_one_by_one(words: list[str]) -> None:
    assert count_words(" ".join(words)) == len(words)


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_line_between_two_texts_adds_them(one: str, other: str) -> None:
    assert count_words(f"{one}\n{other}") == count_words(one) + count_words(other)


@pytest.mark.parametrize("sign", ["_", "-", "a", "@", "a_", "a@", ".", "1,", "://", "é"])
def test_long_run_takes_no_longer_than_its_length(sign: str) -> None:
    # Half a million signs: anything but a single pass would not come back.
    assert count_words(sign * 500_000) >= 0
