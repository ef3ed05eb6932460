"""Reads around a name: is it planned or running, whose is it, which unit runs it, since when."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from tifa.discovery.lexicon import Lexicon, squeezed
from tifa.discovery.spans import ACTIVE, YEAR, Mention
from tifa.discovery.text import Text, words_of

Status = Literal["planned", "trial", "launched", "implemented"]

NEAR: Final = 6
FUTURE_REACH: Final = 4
AFTER: Final = 8
DATED: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]((?:19|20)\d\d)\Z")
REGION_KINDS: Final = frozenset("kota kabupaten provinsi kab kab. pemkot pemkab pemprov".split())
NOMINAL: Final = re.compile(r"(?:ke|pe)\w{3,}an\Z")
LINKS: Final = frozenset("dengan bersama menggandeng oleh dan ke kepada di melalui milik antara bagi untuk".split())
NUMBERS: Final = {
    "setahun": 1,
    "satu tahun": 1,
    "dua tahun": 2,
    "tiga tahun": 3,
    "empat tahun": 4,
    "lima tahun": 5,
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A body named in a text; ``own``: it belongs to a local government."""

    first: int
    last: int
    name: str
    own: bool


@dataclass(frozen=True)
class Reader:
    """A text, the region whose innovations are looked for, and the term lists."""

    text: Text
    lexicon: Lexicon
    region: str | None

    @cached_property
    def region_names(self) -> frozenset[str]:
        """Return the squeezed names by which the own region is called."""
        words = [word for word in words_of(self.region or "") if word not in REGION_KINDS]
        bare = "".join(words)
        return frozenset(squeezed(name) for name in (bare, words[-1] if words else "", self.region or "") if name)

    @cached_property
    def visits(self) -> bool:
        """Return whether the text tells of a visit to another region."""
        tokens = self.text.tokens
        return bool(self.lexicon["visiting.words"].within(tokens, 0, len(tokens)))

    @cached_property
    def units(self) -> Sequence[Unit]:
        """Return the bodies that the text names, in order."""
        return list(_units(self))

    @cached_property
    def regions(self) -> Sequence[tuple[int, int, bool]]:
        """Return each named regency or city: from token, up to token, whether it is the own one."""
        return list(_regions(self))

    @cached_property
    def year_of_text(self) -> int | None:
        """Return the year of the first full date or, failing that, the only year in the text."""
        for token in self.text.tokens:
            if match := DATED.match(token.text):
                return int(match.group(1))
        years = {int(token.text) for token in self.text.tokens if YEAR.match(token.text)}
        return years.pop() if len(years) == 1 else None


# Planned, tried out, launched, running


def status_of(reader: Reader, mentions: Sequence[Mention]) -> Status:
    """Return the state that the text reports; what runs in one sentence is not planned in another."""
    states = [_state(reader, mention) for mention in mentions]
    if "done" in states:
        states = [state for state in states if state != "planned"]
    if "planned" in states:
        return "planned"
    if "trial" in states:
        return "trial"
    return "launched" if "launched" in states else "implemented"


def _state(reader: Reader, mention: Mention) -> str:
    text, lexicon = reader.text, reader.lexicon
    tokens = text.tokens
    sentence = text.sentences[text.sentence_of[mention.first]]
    near_done = _nearest(lexicon["plan_cues.done"].within(tokens, mention.last, min(sentence.last, mention.last + NEAR)), mention)
    plans = _plans(reader, sentence.first, sentence.last)
    plan = _nearest([at for at in plans if at < mention.last + AFTER and not _cut(reader, at, mention)], mention)
    launched = _launched(reader, mention)
    if plan is not None and not (near_done is not None and near_done < plan):
        done_before = lexicon["plan_cues.done"].within(tokens, max(sentence.first, mention.first - NEAR), mention.first)
        if not (launched and plan > NEAR) and not (done_before and plan > NEAR):
            return "planned"
    following = text.sentence_of[mention.first] + 1
    if plan is None and near_done is None and not launched and following < len(text.sentences):
        if _follow_up_plan(reader, following):
            return "planned"
    if lexicon["plan_cues.trial"].within(tokens, sentence.first, sentence.last) and not _runs_fully(reader, sentence.first, sentence.last):
        return "trial"
    if launched:
        return "launched"
    return "done" if near_done is not None else "implemented"


def _plans(reader: Reader, first: int, last: int) -> list[int]:
    """Return the places of plan cues: words of planning, and "akan" with a verb of starting."""
    tokens, lexicon = reader.text.tokens, reader.lexicon
    found = lexicon["plan_cues.plan"].within(tokens, first, last)
    verbs = lexicon["plan_cues.future_verbs"]
    for at in lexicon["plan_cues.future"].within(tokens, first, last):
        if verbs.within(tokens, at + 1, min(last, at + 1 + FUTURE_REACH)):
            found.append(at)
    return sorted(found)


def _cut(reader: Reader, at: int, mention: Mention) -> bool:
    """Return whether a semicolon, a dash or a turn of the sentence stands between a cue and a name."""
    low, high = (at, mention.first) if at < mention.first else (mention.last, at)
    between = reader.text.tokens[low:high]
    if at > mention.last and reader.text.tokens[at].fold in {"belum", "masih", "baru", "rencana"}:
        return any(token.text == ";" or token.capital for token in between)
    turns = {"sehingga", "agar", "supaya", "sedangkan", "sementara", "karena", "sebelum", "sambil", "tetapi", "namun"}
    if at > mention.last and any(token.fold in turns or token.text == "," for token in between):
        return True
    return any(token.text in {";", ":"} for token in between) and at > mention.last or any(
        token.text == ";" for token in between
    )


def _nearest(places: Iterable[int], mention: Mention) -> int | None:
    distances = [mention.first - at if at < mention.first else at - mention.last + 1 for at in places]
    return min(distances, default=None)


def _launched(reader: Reader, mention: Mention) -> bool:
    tokens, lexicon = reader.text.tokens, reader.lexicon
    sentence = reader.text.sentences[reader.text.sentence_of[mention.first]]
    return bool(
        lexicon["launch_verbs.launch"].within(tokens, max(sentence.first, mention.first - 12), min(sentence.last, mention.last + 6))
    )


def _follow_up_plan(reader: Reader, number: int) -> bool:
    """Return whether the next sentence says that it, or its trial, is still to come."""
    text = reader.text
    sentence = text.sentences[number]
    head = text.tokens[sentence.first : sentence.first + 3]
    refers = any(token.fold.endswith("nya") or token.fold in {"itu", "ini", "tersebut", "layanan", "program", "sistem"} for token in head)
    if not refers:
        return False
    late = ("masih dihitung", "belum dimulai", "masih menunggu", "masih dikaji", "belum berjalan")
    later = ("tahun depan", "bulan depan", "pekan depan", "tahun mendatang")
    starts = ("uji coba", "dimulai", "dibuka", "beroperasi", "diluncurkan", "diterapkan", "rampung", "dibangun")
    words = " ".join(token.fold for token in text.tokens[sentence.first : sentence.last])
    return any(term in words for term in late) or (
        any(term in words for term in later) and any(term in words for term in starts)
    )


def _runs_fully(reader: Reader, first: int, last: int) -> bool:
    words = " ".join(token.fold for token in reader.text.tokens[first:last])
    return any(term in words for term in ("berjalan penuh", "sudah berjalan", "diterapkan penuh", "berlaku penuh", "setelah uji coba", "usai uji coba"))


# Whose it is


def outside_reason(reader: Reader, mentions: Sequence[Mention]) -> str | None:
    """Return why an innovation is not the region's own: "national", "other region", "company"; None when it is."""
    for mention in mentions:
        if _is_national(reader, mention):
            return "national"
    for mention in mentions:
        if _of_outsider(reader, mention):
            return "not a local government"
    reasons = [_of_other_region(reader, mention) for mention in mentions]
    return "other region" if reasons and all(reasons) else None


def _is_national(reader: Reader, mention: Mention) -> bool:
    tokens, lexicon = reader.text.tokens, reader.lexicon
    sentence = reader.text.sentences[reader.text.sentence_of[mention.first]]
    limit = min(sentence.last, mention.last + 16)
    if lexicon["national.everywhere"].within(tokens, mention.last, limit):
        return True
    for at in lexicon["national.sources"].within(tokens, mention.last, limit):
        links, types = lexicon["national.source_links"], lexicon["type_words.strong"]
        beside = at - types.length_before(tokens, at)
        if _other_name_between(reader, mention, at):
            continue
        linked = at > mention.last and bool(links.length_before(tokens, at) or links.length_before(tokens, beside))
        beside_mark = at == mention.last + 1 and tokens[mention.last].text in {",", "("} and tokens[at].fold != "pusat"
        if linked or beside_mark:
            return True
    for at in lexicon["national.sources"].within(tokens, max(sentence.first, mention.first - 9), mention.first):
        if any(token.text in {".", ";"} for token in tokens[at : mention.first]):
            continue
        if tokens[at].fold in {"kementerian", "menteri"} and reader.lexicon["launch_verbs.launch"].within(tokens, at, mention.first):
            return not any(unit.own and at < unit.first < mention.first for unit in reader.units)
    return False


def _other_name_between(reader: Reader, mention: Mention, at: int) -> bool:
    """Return whether another name stands between a name and what follows; brackets are stepped over."""
    tokens = reader.text.tokens
    depth = 0
    for place in range(mention.last, at):
        depth += {"(": 1, ")": -1}.get(tokens[place].text, 0)
        if depth == 0 and tokens[place].capital:
            return True
    return False


def _made_by_outsider(reader: Reader, at: int, limit: int) -> bool:
    """Return whether "yang dibuat perusahaan ..." and the like stands here."""
    tokens, lexicon = reader.text.tokens, reader.lexicon
    if at >= limit or tokens[at].fold != "yang":
        return False
    verb = at + 1
    maker = verb + 1 + (verb + 1 < limit and tokens[verb + 1].fold == "oleh")
    return (
        maker < limit
        and tokens[verb].fold.startswith("di")
        and bool(
            lexicon["organisations.outside"].length_from(tokens, maker)
            or lexicon["organisations.outside_words"].length_from(tokens, maker)
            or lexicon["national.sources"].length_from(tokens, maker)
        )
    )


def _of_outsider(reader: Reader, mention: Mention) -> bool:
    tokens, lexicon = reader.text.tokens, reader.lexicon
    sentence = reader.text.sentences[reader.text.sentence_of[mention.first]]
    after = mention.last
    while after < sentence.last and tokens[after].text in {",", "”", "’", '"', ")"}:
        after += 1
    if after > mention.last and lexicon["organisations.outside_words"].length_from(tokens, after):
        return True
    if after < sentence.last and tokens[after].fold in {"milik", "buatan", "besutan", "karya", "dari", "kreasi"}:
        if lexicon["organisations.outside"].length_from(tokens, after + 1) or lexicon["organisations.private"].length_from(tokens, after + 1):
            return True
    if _made_by_outsider(reader, after, sentence.last):
        return True
    subject = _subject(reader, mention)
    return subject is not None and not subject.own


def _subject(reader: Reader, mention: Mention) -> Unit | None:
    """Return the body that opens the clause before a name, when a verb of starting or using joins them."""
    tokens, lexicon = reader.text.tokens, reader.lexicon
    sentence = reader.text.sentences[reader.text.sentence_of[mention.first]]
    before = [unit for unit in reader.units if sentence.first <= unit.first and unit.last <= mention.first]
    if not before:
        return None
    nearest = before[-1]
    between = range(nearest.last, mention.first)
    verb = any(
        lexicon[name].length_from(tokens, at) for at in between for name in ("launch_verbs.launch", "launch_verbs.use")
    )
    before_it = tokens[nearest.first - 1].fold if nearest.first > sentence.first else ""
    linked = before_it in LINKS or (before_it == "dari" and nearest.own)
    return nearest if verb and not linked else None


def _of_other_region(reader: Reader, mention: Mention) -> bool:
    if not reader.region_names:
        return False
    text = reader.text
    sentence = text.sentences[text.sentence_of[mention.first]]
    paragraph = sentence.paragraph
    start = next(one.first for one in text.sentences if one.paragraph == paragraph)
    behind = [row for row in reader.regions if mention.last <= row[0] < min(sentence.last, mention.last + 5)]
    links = reader.lexicon["visiting.owner_links"].keys
    for first, _last, own in behind:
        if text.tokens[first - 1].fold in links or any(token.fold in links for token in text.tokens[mention.last : first]):
            return not own
    if reader.visits:
        start = 0
    before = [row for row in reader.regions if start <= row[0] and row[1] <= mention.first]
    if not before:
        return False
    first, last, own = before[-1]
    if own:
        return False
    if any(
        unit.own and unit.first >= last and unit.last <= mention.first and text.tokens[unit.first].capital
        for unit in reader.units
    ):
        return False
    own_near = any(row[2] for row in reader.regions if sentence.first <= row[0] < sentence.last)
    opens = sentence.first <= first < sentence.first + 6 and text.tokens[first - 1].fold in {*REGION_KINDS, "di"}
    return reader.visits or _governs(reader, first) or (opens and not own_near)


def _governs(reader: Reader, at: int) -> bool:
    """Return whether a region is named as a government: "Pemkot X", "Bupati X", "Dinas ... Kota X"."""
    tokens, lexicon = reader.text.tokens, reader.lexicon
    governments = lexicon["organisations.governments"]
    start = at
    while start > 0 and tokens[start - 1].fold in REGION_KINDS:
        start -= 1
    inside_unit = any(unit.own and unit.first < at < unit.last for unit in reader.units)
    previous = tokens[start - 1].fold if start else ""
    return inside_unit or (
        bool(governments.length_before(tokens, start) or governments.length_before(tokens, at)) and previous not in {"di", "ke"}
    )


def _regions(reader: Reader) -> Iterator[tuple[int, int, bool]]:
    tokens, names = reader.text.tokens, reader.lexicon["regions.regencies"]
    at = 0
    while at < len(tokens):
        length = names.length_from(tokens, at) if tokens[at].capital else 0
        if length and _is_region(reader, at):
            name = squeezed("".join(token.fold for token in tokens[at : at + length]))
            own = name in reader.region_names or any(name in known for known in reader.region_names)
            yield at, at + length, own
        at += max(length, 1)


def _is_region(reader: Reader, at: int) -> bool:
    """Return whether a name such as "Batu" stands for the region, not for a sub-district or the tail of a name."""
    tokens = reader.text.tokens
    previous = tokens[at - 1] if at else None
    if previous is None or previous.fold in REGION_KINDS:
        return True
    if previous.fold in {"kecamatan", "kelurahan", "desa", "distrik", "kampung", "jalan", "puskesmas", "pasar", "nagari", "dusun"}:
        return False
    inside = any(unit.first < at < unit.last for unit in reader.units)
    governs = bool(reader.lexicon["organisations.governments"].length_before(tokens, at))
    return inside or governs or not previous.capital or reader.lexicon.is_common(previous.fold)


# Which unit runs it


def owner_of(reader: Reader, mentions: Sequence[Mention]) -> str | None:
    """Return the unit nearest to a name: behind "dari" or "milik", before it, in the sentences before, anywhere."""
    for mention in mentions:
        found = _owner_beside(reader, mention) or _owner_before(reader, mention)
        if found:
            return found
    first = mentions[0].first
    earlier = [unit for unit in reader.units if unit.own and unit.last <= first]
    later = [unit for unit in reader.units if unit.own and unit.first >= first]
    chosen = earlier[-1] if earlier else later[0] if later else None
    return chosen.name if chosen else None


def _owner_beside(reader: Reader, mention: Mention) -> str | None:
    tokens = reader.text.tokens
    sentence = reader.text.sentences[reader.text.sentence_of[mention.first]]
    for unit in reader.units:
        if mention.last < unit.first <= mention.last + 4 and unit.own and unit.first < sentence.last:
            if tokens[unit.first - 1].fold in {"dari", "milik", "buatan", "oleh", "besutan", "karya", "gagasan", "dijalankan", "dikelola"}:
                return unit.name
    if sentence.item and mention.first > sentence.first:
        head = reader.text.tokens[sentence.first + 1 : mention.first]
        words = [token for token in head if token.capital]
        if words and words[0].start < words[-1].end:
            return " ".join(reader.text.source[words[0].start : words[-1].end].split())
    return None


def _owner_before(reader: Reader, mention: Mention) -> str | None:
    sentence = reader.text.sentences[reader.text.sentence_of[mention.first]]
    inside = [unit for unit in reader.units if unit.own and sentence.first <= unit.first and unit.last <= mention.first]
    behind = [unit for unit in reader.units if unit.own and mention.last <= unit.first < sentence.last]
    chosen = inside[-1] if inside else behind[0] if behind else None
    return chosen.name if chosen else None


def _units(reader: Reader) -> Iterator[Unit]:
    tokens, lexicon = reader.text.tokens, reader.lexicon
    at = 0
    while at < len(tokens):
        own = lexicon["organisations.units"].length_from(tokens, at) or lexicon["organisations.unit_short"].length_from(tokens, at)
        outside = lexicon["organisations.outside"].length_from(tokens, at)
        government = 0 if own or outside else lexicon["organisations.governments"].length_from(tokens, at)
        length = own or outside or government
        if length and _inside_name(reader, at):
            length = 0
        if not length or tokens[at].kind != "word" or (government and tokens[at].fold in REGION_KINDS - {"pemkot", "pemkab", "pemprov"}):
            at += 1
            continue
        last = at + length
        if tokens[at].capital:
            last = _unit_end(reader, at, last)
        yield Unit(at, last, reader.text.between(at, last), bool(own or government))
        at = last


def _inside_name(reader: Reader, at: int) -> bool:
    """Return whether a word such as "Kampung" is the tail of a name: "Smart Kampung"."""
    tokens, lexicon = reader.text.tokens, reader.lexicon
    if at == 0 or not tokens[at].capital or not tokens[at - 1].capital:
        return False
    return not any(
        lexicon[name].length_before(tokens, at) for name in ("persons.titles", "persons.people", "organisations.governments")
    ) and not lexicon.is_function(tokens[at - 1].fold) and not lexicon.is_common(tokens[at - 1].fold)


def _unit_end(reader: Reader, at: int, last: int) -> int:
    """Return where the name of a body ends: "Dinas Ketahanan Pangan dan Perikanan Kota X"."""
    tokens = reader.text.tokens
    limit = reader.text.sentences[reader.text.sentence_of[at]].last
    while last < limit:
        if tokens[last].capital and last - at < 12:
            last += 1
        elif last + 1 < limit and tokens[last].fold in {"dan", "&"} and tokens[last + 1].capital and _joins(reader, at, last + 1):
            last += 2
        elif tokens[last].text == "," and (further := _listed_end(reader, last, limit)):
            last = further
        else:
            return last
    return last


def _listed_end(reader: Reader, at: int, limit: int) -> int:
    """Return the end of ", Y dan Z" behind "Dinas X", or 0 when something else follows the comma."""
    tokens = reader.text.tokens
    place = at + 1
    if place >= limit or not tokens[place].capital or not _same_body(reader, place):
        return 0
    while place < min(limit - 1, at + 8):
        if tokens[place].fold in {"dan", "&"} and tokens[place + 1].capital and _same_body(reader, place + 1):
            return place + 2
        if not tokens[place].capital and tokens[place].text != ",":
            return 0
        place += 1
    return 0


def _joins(reader: Reader, head: int, at: int) -> bool:
    """Return whether "dan X" goes on with the name of a department: "Dinas Komunikasi dan Informatika"."""
    tokens, lexicon = reader.text.tokens, reader.lexicon
    if _same_body(reader, at):
        return True
    department = tokens[head].fold in {"dinas", "badan", "kementerian", "bagian", "biro", "bidang"}
    other = any(
        lexicon[name].length_from(tokens, at)
        for name in ("organisations.units", "organisations.unit_short", "organisations.outside")
    )
    return department and not other and not tokens[at].shouted


def _same_body(reader: Reader, at: int) -> bool:
    tokens, lexicon = reader.text.tokens, reader.lexicon
    return not any(
        lexicon[name].length_from(tokens, at) for name in ("organisations.units", "organisations.unit_short", "organisations.outside")
    ) and (lexicon.is_common(tokens[at].fold) or bool(NOMINAL.match(tokens[at].fold)))


# Since when


def year_of(reader: Reader, mentions: Sequence[Mention], status: Status) -> int | None:
    """Return the year in which it started: "sejak 2022", "sejak setahun lalu", or the date of the launch."""
    for mention in mentions:
        sentence = reader.text.sentences[reader.text.sentence_of[mention.first]]
        found = _since(reader, sentence.first, sentence.last)
        if found:
            return found
    if status == "launched":
        for mention in mentions:
            sentence = reader.text.sentences[reader.text.sentence_of[mention.first]]
            dated = [
                int(match.group(1))
                for token in reader.text.tokens[sentence.first : sentence.last]
                if (match := DATED.match(token.text))
            ]
            if dated:
                return dated[0]
        return reader.year_of_text
    return None


def _since(reader: Reader, first: int, last: int) -> int | None:
    tokens = reader.text.tokens
    for at in range(first, last):
        if tokens[at].fold not in {"sejak", "mulai", "dimulai"}:
            continue
        for place in range(at + 1, min(last, at + 5)):
            if YEAR.match(tokens[place].text):
                return int(tokens[place].text)
        words = " ".join(token.fold for token in tokens[at + 1 : at + 4])
        for term, years in NUMBERS.items():
            if words.startswith(term) and reader.year_of_text and ("lalu" in words or "sebelum" in words):
                return reader.year_of_text - years
    return None
