"""Counts words as a person counts them."""

import re
import unicodedata

# A hyphen, apostrophe, dot, slash or ampersand between two letters or digits joins; a comma or colon only digits.
WORD = re.compile(r"[^\W_]+(?:(?:[-\u2010\u2011'\u2019\u02bc./&_]|(?<=\d)[,:](?=\d))[^\W_]+)*")


def count_words(text: str) -> int:
    """Return how many words a text has.

    A word is a run of letters and digits of any script. What a hyphen, an apostrophe, a dot or a slash joins without
    a space is one word: “undang-undang”, “Jum'at”, “S.Sos”, “dan/atau”, “2021-2023”; so are a number with its
    separators (“1.250,50”, “08:30”), an address of the web and an e-mail address. Signs that stand alone are none.

    Examples
    --------
    >>> count_words("Undang-undang Nomor 23 Tahun 2014 — dan/atau 1.250,50 rupiah.")
    8
    """
    return sum(_words_in(run) for run in unicodedata.normalize("NFC", text).split())


def _words_in(run: str) -> int:
    """Return how many words a run without blanks has; an address of the web or of mail is one."""
    if "://" in run or run.lower().startswith("www.") or _is_mail(run):
        return 1
    return sum(1 for _ in WORD.finditer(run))


def _is_mail(run: str) -> bool:
    name, at, host = run.partition("@")
    return bool(name and at and "." in host and "@" not in host)
