"""Reads whether a thing is the region's own, and which unit runs it."""

from collections.abc import Sequence
from typing import Final

from tifa.discovery.bodies import REGION_KINDS, Reader, Unit
from tifa.discovery.mentions import Mention

OWNERS: Final = frozenset(
    ["dari", "milik", "buatan", "oleh", "besutan", "karya", "gagasan", "dijalankan", "dikelola", "("]
)
LINKS: Final = frozenset(
    [
        "dengan",
        "bersama",
        "menggandeng",
        "oleh",
        "dan",
        "ke",
        "kepada",
        "di",
        "melalui",
        "milik",
        "antara",
        "bagi",
        "untuk",
    ]
)


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
        linked = at > mention.last and bool(
            links.length_before(tokens, at) or links.length_before(tokens, beside)
        )
        beside_mark = (
            at == mention.last + 1 and tokens[mention.last].text in {",", "("} and tokens[at].fold != "pusat"
        )
        if linked or beside_mark:
            return True
    for at in lexicon["national.sources"].within(
        tokens, max(sentence.first, mention.first - 9), mention.first
    ):
        if any(token.text in {".", ";"} for token in tokens[at : mention.first]):
            continue
        if tokens[at].fold in {"kementerian", "menteri"} and reader.lexicon["launch_verbs.launch"].within(
            tokens, at, mention.first
        ):
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
    if (
        after < sentence.last
        and tokens[after].fold
        in {
            "milik",
            "buatan",
            "besutan",
            "karya",
            "dari",
            "kreasi",
        }
        and (
            lexicon["organisations.outside"].length_from(tokens, after + 1)
            or lexicon["organisations.private"].length_from(tokens, after + 1)
        )
    ):
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
        lexicon[name].length_from(tokens, at)
        for at in between
        for name in ("launch_verbs.launch", "launch_verbs.use")
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
        if text.tokens[first - 1].fold in links or any(
            token.fold in links for token in text.tokens[mention.last : first]
        ):
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
    opens = sentence.first <= first < sentence.first + 6 and text.tokens[first - 1].fold in {
        *REGION_KINDS,
        "di",
    }
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
        bool(governments.length_before(tokens, start) or governments.length_before(tokens, at))
        and previous not in {"di", "ke"}
    )


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
        beside = mention.last < unit.first <= mention.last + 4 and unit.first < sentence.last
        if beside and unit.own and tokens[unit.first - 1].fold in OWNERS:
            return unit.name
    if sentence.item and mention.first > sentence.first:
        head = reader.text.tokens[sentence.first + 1 : mention.first]
        words = [token for token in head if token.capital]
        if words and words[0].start < words[-1].end:
            return " ".join(reader.text.source[words[0].start : words[-1].end].split())
    return None


def _owner_before(reader: Reader, mention: Mention) -> str | None:
    sentence = reader.text.sentences[reader.text.sentence_of[mention.first]]
    inside = [
        unit
        for unit in reader.units
        if unit.own and sentence.first <= unit.first and unit.last <= mention.first
    ]
    behind = [unit for unit in reader.units if unit.own and mention.last <= unit.first < sentence.last]
    chosen = inside[-1] if inside else behind[0] if behind else None
    return chosen.name if chosen else None
