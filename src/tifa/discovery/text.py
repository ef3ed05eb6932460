"""Cuts a text into paragraphs, sentences and tokens that keep their places."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal

Kind = Literal["word", "number", "mark", "tag"]

OPENING: Final = "“‘\"'«„”’"
CLOSING: Final = {
    "“": '”"“',
    "‘": "’'‘",
    '"': '"”“',
    "'": "'’",
    "«": "»",
    "„": "“”",
    "”": "”“",
    "’": "’",
}
ENDING: Final = ".!?…"
MOSTLY: Final = 0.7
TITLE_WORDS: Final = 5

TOKEN = re.compile(
    r"""
    (?P<tag>\#\w+|@\w+|https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}
      | (?i:\w[\w-]{0,62}(?:\.[\w-]{1,63}){0,4}\.(?:com|net|org|id|go|news))\b)
  | (?P<dotted>(?:[^\W\d_]\.){2,})
  | (?P<number>\d+(?:[.,:/x–-]\d+)*(?!\w))
  | (?P<word>[^\W_]+(?:[-–'’/&][^\W_]+)*)
  | (?P<mark>\S)
    """,
    re.VERBOSE,
)
MARKERS = frozenset("-–—•*▪✅✔☑➡▶►·●○")
ABBREVIATED = frozenset(
    [
        "no",
        "jl",
        "jln",
        "dr",
        "drs",
        "dra",
        "ir",
        "prof",
        "h",
        "hj",
        "kh",
        "st",
        "sdr",
        "bpk",
        "rp",
        "tgl",
        "hlm",
        "dll",
        "dsb",
        "dst",
        "plt",
        "pj",
        "kec",
        "kab",
        "prov",
        "kel",
        "ds",
        "tel",
        "telp",
    ]
)
NUMBERED = re.compile(r"\s*(?:\(?(?:\d{1,2}|[a-z])[.)])\s")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark; ``fold`` is its text in small letters."""

    text: str
    start: int
    end: int
    kind: Kind
    fold: str

    @property
    def capital(self) -> bool:
        """Return whether a word holds a capital letter."""
        return self.kind == "word" and any(letter.isupper() for letter in self.text)

    @property
    def shouted(self) -> bool:
        """Return whether a word of at least two letters is in capitals throughout."""
        letters = [letter for letter in self.text if letter.isalpha()]
        return len(letters) > 1 and all(letter.isupper() for letter in letters)

    @property
    def mixed(self) -> bool:
        """Return whether a capital stands inside a word that is not in capitals throughout."""
        return (
            self.kind == "word"
            and not self.shouted
            and any(
                right.isupper() and (left.islower() or left == "-") for left, right in pairwise(self.text)
            )
        )


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens ``first`` up to ``last`` of a text, with the paragraph and line they stand in."""

    first: int
    last: int
    paragraph: int
    heading: bool
    item: bool


@dataclass(frozen=True)
class Text:
    """A text with its tokens and sentences."""

    source: str
    tokens: Sequence[Token]
    sentences: Sequence[Sentence]
    sentence_of: Sequence[int]

    def between(self, first: int, last: int) -> str:
        """Return the text from token ``first`` up to ``last``, on one line."""
        return " ".join(self.source[self.tokens[first].start : self.tokens[last - 1].end].split())

    def quote(self, number: int) -> str:
        """Return a sentence as it stands, on one line."""
        sentence = self.sentences[number]
        return self.between(sentence.first, sentence.last)


def read_text(source: str) -> Text:
    """Cut a text into sentences and tokens; each line ends a sentence, an empty one a paragraph."""
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    paragraph, offset, was_empty = 0, 0, True
    for line in source.splitlines(keepends=True):
        if not line.strip():
            paragraph += not was_empty
            was_empty = True
        else:
            was_empty = False
            found = _tokens(line, offset)
            sentences += _sentences(line, found, len(tokens), paragraph)
            tokens += found
        offset += len(line)
    sentence_of = [
        number for number, sentence in enumerate(sentences) for _token in range(sentence.first, sentence.last)
    ]
    return Text(source, tokens, sentences, sentence_of)


@lru_cache(maxsize=50_000)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words and numbers of a text in small letters."""
    return tuple(match.group().casefold() for match in TOKEN.finditer(text) if match.lastgroup != "mark")


def _tokens(line: str, offset: int) -> list[Token]:
    kinds: dict[str, Kind] = {"tag": "tag", "number": "number", "mark": "mark"}
    return [
        Token(
            match.group(),
            offset + match.start(),
            offset + match.end(),
            kinds.get(match.lastgroup or "", "word"),
            match.group().casefold(),
        )
        for match in TOKEN.finditer(line)
    ]


def _sentences(line: str, tokens: list[Token], base: int, paragraph: int) -> list[Sentence]:
    item = bool(NUMBERED.match(line)) or bool(tokens and tokens[0].text in MARKERS)
    item = item or bool(
        tokens
        and tokens[0].kind == "mark"
        and ord(tokens[0].text[0]) > 0x2000
        and tokens[0].text not in OPENING
    )
    sentences = []
    first = 0
    for place in range(len(tokens)):
        if place + 1 == len(tokens) or _ends(tokens, place, first):
            part = tokens[first : place + 1]
            sentences.append(
                Sentence(base + first, base + place + 1, paragraph, _shouting(part), item and first == 0)
            )
            first = place + 1
    return sentences


def _ends(tokens: list[Token], place: int, first: int) -> bool:
    """Return whether a sentence ends behind this token; a closing quote belongs to it."""
    token, following = tokens[place], tokens[place + 1]
    if token.end == following.start:
        return False
    closes = token.text in '”’"»)' and place > first and tokens[place - 1].text in ENDING
    mark = tokens[place - 1] if closes else token
    at = place - 1 if closes else place
    if mark.kind != "mark" or mark.text not in ENDING:
        return False
    before = tokens[at - 1] if at > first else None
    if before is None:
        return False
    if mark.text == "." and (before.fold in ABBREVIATED or (before.kind == "number" and at - 1 == first)):
        return False
    if before.kind == "word" and len(before.text) == 1 and mark.text == "." and before.text.isupper():
        return False
    if closes and following.text[0].islower():
        return False
    return not following.text[0].islower()


def _shouting(tokens: Sequence[Token]) -> bool:
    words = [token for token in tokens if token.kind == "word" and len(token.text) > 1]
    if tokens[-1].text in ENDING or len(words) < 3:
        return False
    shouted = sum(token.shouted for token in words)
    titled = sum(token.text[0].isupper() or len(token.text) < 4 for token in words)
    return shouted >= MOSTLY * len(words) or (
        len(words) >= TITLE_WORDS
        and titled == len(words)
        and not any(token.kind == "mark" and token.text != "," for token in tokens[1:])
    )
