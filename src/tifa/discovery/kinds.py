"""Tells what a stretch is when it is no innovation: a person, a place, a body, an event, a national system, a paper."""

import re
from typing import Final

from tifa.discovery.mentions import ACTIVE, YEAR, Mention
from tifa.discovery.surroundings import Surroundings

ROMAN: Final = re.compile(r"[IVX]+\Z")
MONTHS: Final = frozenset(
    [
        "januari",
        "februari",
        "maret",
        "april",
        "mei",
        "juni",
        "juli",
        "agustus",
        "september",
        "oktober",
        "november",
        "desember",
        "senin",
        "selasa",
        "rabu",
        "kamis",
        "jumat",
        "sabtu",
        "minggu",
    ]
)


def kind_of(around: Surroundings, mention: Mention) -> dict[str, bool]:
    """Return what a stretch may be instead of an innovation."""
    text, lexicon = around.text, around.lexicon
    tokens = text.tokens
    name = text.between(mention.first, mention.last)
    inside = range(mention.first, mention.last)
    words = mention.last - mention.first
    at = mention.first
    region = (
        name in lexicon["regions.provinces"]
        or name in lexicon["regions.regencies"]
        or name in lexicon["regions.seats"]
    )
    unit = lexicon["organisations.units"].length_from(tokens, at)
    short_unit = bool(lexicon["organisations.unit_short"].length_from(tokens, at))
    lower_tail = words > 1 and not tokens[at + 1].capital
    ends = next(
        (
            length
            for length in (4, 3, 2, 1)
            if length < words
            and text.between(mention.last - length, mention.last) in lexicon["regions.regencies"]
        ),
        0,
    )
    title = bool(
        lexicon["persons.titles"].length_before(tokens, at)
        or lexicon["persons.professions"].length_before(tokens, at)
    )
    holds = (
        not region
        and not ends
        and any(lexicon["regions.regencies"].length_from(tokens, place) for place in inside)
    )
    own_length = lexicon["regions.regencies"].length_from(tokens, at)
    opened = bool(own_length) and not lexicon["places.directions"].length_from(tokens, at + own_length)
    ordinary = _is_ordinary_place(around, mention)
    ranked = tokens[at].fold in {"top", "finalis"} and words > 1 and tokens[at + 1].kind == "number"
    return {
        "is_region": region,
        "ends_with_region": bool(ends),
        "ends_with_region_word": bool(ends)
        and words > ends
        and tokens[mention.last - ends - 1].fold in {"kota", "kabupaten", "provinsi", "pemkot", "pemkab"},
        "holds_region": holds and not opened,
        "region_opens": holds and opened,
        "opens_with_people": bool(lexicon["persons.people"].length_from(tokens, at))
        and mention.form == "capital",
        "is_numeral": all(ROMAN.match(token.text) for token in tokens[at : mention.last]),
        "is_body": ((bool(unit) and not lower_tail) or (short_unit and words <= 4)) and not ordinary,
        "is_ordinary_place": ordinary,
        "is_whole_body": (mention.first, mention.last) in around.bodies and not ordinary and not lower_tail,
        "inside_body": any(
            first <= mention.first and mention.last <= last and last - first > words
            for first, last in around.bodies
        ),
        "is_outside_body": bool(lexicon["organisations.outside"].length_from(tokens, at)),
        "is_government": bool(lexicon["organisations.governments"].length_from(tokens, at))
        and mention.form == "capital",
        "is_place": bool(lexicon["places.heads"].length_from(tokens, at))
        and mention.form == "capital"
        and not lower_tail
        and not ordinary,
        "is_building": bool(lexicon["places.buildings"].length_from(tokens, at))
        and mention.form == "capital"
        and not lower_tail,
        "behind_body_word": any(
            lexicon[name].length_before(tokens, at)
            for name in ("organisations.outside", "organisations.outside_words")
        ),
        "is_event": ranked
        or bool(lexicon["awards_events.heads"].length_from(tokens, at))
        or any(lexicon["awards_events.words"].length_from(tokens, place) for place in inside),
        "is_national": name in lexicon["national.names"]
        or any(lexicon["national.words"].length_from(tokens, place) for place in inside),
        "is_generic": name in lexicon["generic.words"] or name in lexicon["generic.abbreviations"],
        "is_person": (title or _is_person(around, mention)) and mention.form == "capital",
        "in_bracket": _in_bracket(around, mention),
        "is_document": bool(lexicon["boilerplate.documents"].length_from(tokens, at))
        and mention.form == "capital",
        "opens_with_title": bool(lexicon["persons.titles"].length_from(tokens, at))
        and mention.form == "capital",
        "ends_with_year": bool(YEAR.match(tokens[mention.last].text))
        if mention.last < len(tokens)
        else False,
        "award_near": _award_near(around, mention),
        "is_date": all(tokens[place].fold in MONTHS or tokens[place].kind == "number" for place in inside),
        "behind_region_word": at > 0
        and tokens[at - 1].fold
        in {
            "kota",
            "kabupaten",
            "provinsi",
            "distrik",
            "kecamatan",
            "kelurahan",
            "kampung",
            "desa",
            "dinas",
            "puskesmas",
            "badan",
            "bagian",
            "jalan",
            "pasar",
        },
    }


def _is_ordinary_place(around: Surroundings, mention: Mention) -> bool:
    """Return whether a place word is followed by everyday words only: "Desa Bebas Asap", "Kampung Literasi Anak"."""
    tokens = around.text.tokens[mention.first : mention.last]
    rest = tokens[1:]
    return (
        len(rest) >= 2
        and bool(around.lexicon["places.settlements"].length_from(tokens, 0))
        and all(token.kind == "word" and around.lexicon.is_ordinary(token.fold) for token in rest)
    )


def _in_bracket(around: Surroundings, mention: Mention) -> bool:
    """Return whether a mention stands in brackets or behind an opening one."""
    sentence = around.text.sentences[around.text.sentence_of[mention.first]]
    marks = [
        token.text for token in around.text.tokens[sentence.first : mention.first] if token.text in {"(", ")"}
    ]
    return bool(marks) and marks[-1] == "("


def _is_person(around: Surroundings, mention: Mention) -> bool:
    """Return whether a title stands before, with a full stop ("Hj."), or opens what ends with a comma before."""
    text, lexicon = around.text, around.lexicon
    tokens, at = text.tokens, mention.first
    first = text.sentences[text.sentence_of[at]].first
    titles = lexicon["persons.titles"]
    if at > first and tokens[at - 1].text == "." and titles.length_before(tokens, at - 1):
        return True
    if lexicon["persons.speech"].length_before(tokens, at) or (
        at > first and tokens[at - 1].fold in {"disapa", "sapaan"}
    ):
        return True
    if at <= first or tokens[at - 1].text != ",":
        return False
    start = at - 1
    while start > first and tokens[start - 1].text not in {",", ".", "”", '"', ";"} and at - start < 12:
        start -= 1
    opens = titles.length_from(tokens, start) or lexicon["persons.people"].length_from(tokens, start)
    says = any(
        token.kind == "word" and not token.capital and ACTIVE.match(token.fold)
        for token in tokens[start : at - 1]
    )
    return bool(opens) and not says


def _award_near(around: Surroundings, mention: Mention) -> bool:
    tokens, lexicon = around.text.tokens, around.lexicon
    return any(
        lexicon["awards_events.context"].length_before(tokens, place)
        for place in range(mention.first, max(mention.first - 4, 0), -1)
    )
