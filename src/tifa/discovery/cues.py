"""Collects what speaks for and against a stretch being the name of an innovation, as named features from 0 to 1."""

from collections.abc import Sequence
from typing import Final

from tifa.discovery.kinds import kind_of
from tifa.discovery.lexicon import squeezed
from tifa.discovery.mentions import ACTIVE, DROPPED_FIRST, Mention
from tifa.discovery.surroundings import Features, Surroundings, unit_at
from tifa.discovery.text import ENDING, OPENING

NEAR: Final = 5
PARTING: Final = frozenset(["dari", "untuk", "kepada", "bagi", "oleh", "dengan", "pada", "karena", "agar"])
# These speak against a name only when they hold at every mention of it.
EVERYWHERE: Final = frozenset(
    {
        "only_first_capital",
        "opens_sentence",
        "common_at_opening",
        "in_place",
        "to_place",
        "speaks",
        "award_near",
    }
)
EVIDENT: Final = frozenset(
    {"named", "named_behind", "launched", "used", "type_word", "item_behind_dash", "means"}
)


def features_of(around: Surroundings, mention: Mention) -> Features:
    """Return the features of one mention; those that do not hold are left out."""
    found: Features = {}
    for collect in (_shape, _before, _behind, kind_of, _ground):
        found |= {name: 1.0 for name, holds in collect(around, mention).items() if holds}
    if found.keys() & EVIDENT and "is_place" in found and "is_building" not in found:
        found["place_with_evidence"] = found.pop("is_place")
    if found.keys() & {"named", "named_behind"} and "is_person" not in found:
        for doubt in ("opens_with_title", "opens_sentence", "common_at_opening"):
            found.pop(doubt, None)
    found["form_" + mention.form] = 1.0
    if around.innovation_words:
        found["text_speaks_of_innovation"] = around.innovation_words
    return found


def _shape(around: Surroundings, mention: Mention) -> dict[str, bool]:
    tokens = around.text.tokens[mention.first : mention.last]
    words = [token for token in tokens if token.kind == "word"]
    generic = around.lexicon["generic.abbreviations"]
    content = [token for token in words if token.capital or not around.lexicon.is_function(token.fold)]
    capitals = [token for token in words if token.capital]
    unknown = [
        token for token in words if not around.lexicon.is_common(token.fold) and token.text not in generic
    ]
    return {
        "shouted": bool(words)
        and all(token.shouted for token in words)
        and not all(t.text in generic for t in words),
        "mixed_capitals": any(token.mixed for token in words),
        "several_words": len(words) >= 2,
        "many_words": len(words) >= 7,
        "joined": mention.joined,
        "only_first_capital": mention.soft,
        "unknown_word": bool(unknown),
        "typical_opening": bool(words)
        and around.lexicon["cues_of_names.openings"].length_from(tokens, 0) > 0,
        "all_capital": len(capitals) >= 2 and len(capitals) == len(content),
        "in_title": _in_title(around, mention),
        "opens_sentence": mention.form == "capital"
        and mention.first == around.text.sentences[around.text.sentence_of[mention.first]].first,
        "common_at_opening": mention.form == "capital"
        and mention.first == around.text.sentences[around.text.sentence_of[mention.first]].first
        and not around.lexicon["cues_of_names.openings"].length_from(tokens, 0)
        and around.lexicon.is_common(tokens[0].fold),
        "holds_abbreviation": len(words) > 1
        and any(token.text in generic and token.shouted for token in words),
        "strong_modifier": mention.form == "plain"
        and bool(around.lexicon["service_terms.modifiers"].within(tokens, 0, len(tokens))),
    }


def _in_title(around: Surroundings, mention: Mention) -> bool:
    """Return whether a mention stands in the first line of a text, and that line is a title."""
    text = around.text
    number = text.sentence_of[mention.first]
    return number == 0 and text.tokens[text.sentences[0].last - 1].text not in ENDING


def _before(around: Surroundings, mention: Mention) -> dict[str, bool]:
    text, lexicon = around.text, around.lexicon
    tokens = text.tokens
    sentence = text.sentences[text.sentence_of[mention.first]]
    at = mention.first
    while at > sentence.first and tokens[at - 1].kind == "mark" and tokens[at - 1].text in OPENING + ":":
        at -= 1
    naming = _naming(around, at, sentence.first) or bool(lexicon["naming.rename"].length_before(tokens, at))
    type_ = lexicon["type_words.strong"].length_before(tokens, at)
    if type_ and tokens[at - 1].capital and tokens[at - 1].fold not in DROPPED_FIRST:
        type_ = 0
    if not type_ and _told_behind_comma(around, mention, at, sentence.last):
        type_ = 1
    weak = lexicon["type_words.weak"].length_before(tokens, at)
    start = at - (type_ or weak)
    dash = (at > sentence.first and tokens[at - 1].text in "–—-") or (
        at < mention.first and tokens[at].text == ":"
    )
    return {
        "named": naming,
        "names_no_service": naming and _names_no_service(around, at, sentence.first),
        "type_word": bool(type_),
        "weak_type_word": bool(weak),
        "launched": _verb_before(around, "launch_verbs.launch", start, sentence.first),
        "used": _verb_before(around, "launch_verbs.use", start, sentence.first),
        "object": _is_object(around, at, sentence.first),
        "means": bool(lexicon["launch_verbs.means"].length_before(tokens, start)),
        "listed_as_running": bool(lexicon["service_terms.existing"].length_before(tokens, start)),
        "item_behind_dash": dash and sentence.item,
        "behind_colon": at < mention.first and tokens[at].text == ":" and not sentence.item,
        "ordinal_before": start > sentence.first
        and tokens[start - 1].fold
        in {"pertama", "kedua", "ketiga", "keempat", "kelima", "terakhir", "lainnya", "lagi"},
        "in_place": bool(lexicon["places.prepositions"].length_before(tokens, at))
        and not type_
        and tokens[at - 1].fold != "ke",
        "to_place": at > sentence.first and tokens[at - 1].fold == "ke",
        "is_definition": mention.form == "plain"
        and at > sentence.first + 1
        and tokens[at - 1].text in {",", "("}
        and (tokens[at - 2].capital or tokens[at - 2].text in '”’"'),
    }


def _names_no_service(around: Surroundings, at: int, first: int) -> bool:
    """Return whether what is named is a mascot, a person, a ship: "maskot bernama X"."""
    tokens, lexicon = around.text.tokens, around.lexicon
    noun = at - lexicon["naming.before"].length_before(tokens, at)
    length = lexicon["naming.not_services"].length_before(tokens, noun) if noun > first else 0
    return bool(length) and tokens[noun - length - 1 if noun - length > first else noun].fold not in {
        "oleh",
        "para",
    }


def _told_behind_comma(around: Surroundings, mention: Mention, at: int, limit: int) -> bool:
    """Return whether a name is told behind its kind and a comma: "ke dalam satu aplikasi, X."."""
    tokens = around.text.tokens
    closed = mention.last >= limit or tokens[mention.last].text in {".", ",", "(", "”"}
    if mention.form not in {"capital", "quoted"} or at < 2 or tokens[at - 1].text != "," or not closed:
        return False
    types = around.lexicon["type_words.strong"]
    start = around.text.sentences[around.text.sentence_of[at]].first
    opens = at - 1 - start <= 3 and bool(types.length_from(tokens, start)) and tokens[at - 2].text != ")"
    return (bool(types.length_before(tokens, at - 1)) or opens) and not tokens[at - 2].capital


def _is_object(around: Surroundings, at: int, first: int) -> bool:
    """Return whether an active verb stands directly before, other than one of saying, handing over or visiting."""
    if at <= first:
        return False
    before = around.text.tokens[at - 1]
    if (
        before.kind != "word"
        or before.capital
        or not before.fold.startswith("me")
        or not ACTIVE.match(before.fold)
    ):
        return False
    lexicon = around.lexicon
    return not any(
        lexicon[name].length_before(around.text.tokens, at)
        for name in ("persons.speech", "persons.meeting", "awards_events.context")
    )


def _naming(around: Surroundings, at: int, first: int) -> bool:
    tokens, naming = around.text.tokens, around.lexicon["naming.before"]
    for skipped in range(3):
        if at - skipped > first and naming.length_before(tokens, at - skipped):
            return all(
                token.text in {":", ",", "“", "‘", '"'}
                or token.fold
                in {"adalah", "ialah", "yakni", "yaitu", "program", "inovasi", "aplikasi", "layanan", "si"}
                for token in tokens[at - skipped : at]
            )
    return False


def _verb_before(around: Surroundings, name: str, at: int, first: int) -> bool:
    """Return whether such a verb stands shortly before, with no mark and no other capital between."""
    tokens, verbs = around.text.tokens, around.lexicon[name]
    for place in range(at, max(first, at - NEAR), -1):
        if verbs.length_before(tokens, place):
            return True
        token = tokens[place - 1]
        if (token.kind == "mark" and token.text not in OPENING) or ACTIVE.match(token.fold) or token.capital:
            return False
        if around.lexicon["places.prepositions"].length_from(tokens, place - 1) or token.fold in PARTING:
            return False
    return False


def _behind(around: Surroundings, mention: Mention) -> dict[str, bool]:
    text, lexicon = around.text, around.lexicon
    tokens = text.tokens
    limit = text.sentences[text.sentence_of[mention.first]].last
    at = mention.last
    while at < limit and tokens[at].kind == "mark" and tokens[at].text in "”’\"'»":
        at += 1
    if at < limit and tokens[at].text == "(":
        closing = next((place for place in range(at, limit) if tokens[place].text == ")"), at)
        bracket, owned, at = True, bool(unit_at(around, at + 1)), closing + 1
    else:
        bracket = owned = False
    mark = tokens[at].text if at < limit else ""
    after = at + 1 if mark in {",", ":", "–", "—", "-"} else at
    comma = after > at
    following = tokens[after].fold if after < limit else ""
    defined = comma and _defines(around, after, limit)
    copula = following in {"adalah", "merupakan", "ialah", "artinya"}
    verb_at = _after_insertion(around, at, limit) if comma else at
    return {
        "bracket_behind": bracket,
        "explained": defined or (copula and after < limit),
        "apposition": mark == "," and not defined and _plain_noun(around, after, limit),
        "colon_behind": mark == ":" and mention.first > text.sentences[text.sentence_of[mention.first]].first,
        "relative_clause": mark == "," and following == "yang",
        "named_behind": bool(lexicon["naming.after"].length_from(tokens, after))
        or (mark == "," and following in {"begitu", "begitulah", "demikian", "demikianlah"}),
        "verb_behind": verb_at < limit
        and (
            bool(lexicon["cues_of_names.verbs"].length_from(tokens, verb_at))
            or (bool(ACTIVE.match(tokens[verb_at].fold)) and tokens[verb_at].fold.startswith("me"))
        ),
        "explained_next": _explained_next(around, mention),
        "started_by_verb": bool(
            lexicon["launch_verbs.launch"].length_from(tokens, after + (following == "yang"))
        )
        and not comma,
        "owner_behind": owned
        or (
            following in {"dari", "milik", "buatan", "besutan", "karya", "gagasan", "oleh"}
            and bool(unit_at(around, after + 1))
        ),
        "started_behind": bool(lexicon["service_terms.started"].length_from(tokens, at)),
        "pointed_at": following in {"tersebut", "itu", "ini"} and not comma,
        "speaks": mention.form != "quoted" and bool(lexicon["persons.speech"].length_from(tokens, after)),
        "name_follows": mention.form == "plain" and _name_follows(around, mention.last, limit),
        "dash_behind": mark in {"–", "—"},
    }


def _explained_next(around: Surroundings, mention: Mention) -> bool:
    """Return whether the next sentence opens with "Itu", "Ini" or "Inilah" and says what kind of thing it is."""
    text, lexicon = around.text, around.lexicon
    number = text.sentence_of[mention.first] + 1
    if number >= len(text.sentences):
        return False
    sentence = text.sentences[number]
    if sentence.paragraph != text.sentences[number - 1].paragraph:
        return False
    end = min(sentence.last, sentence.first + 6)
    points = text.tokens[sentence.first].fold in {
        "itu",
        "ini",
        "inilah",
        "itulah",
        "layanan",
        "program",
        "aplikasi",
        "sistem",
        "alat",
    }
    pointed = text.tokens[sentence.first].fold in {"itu", "ini", "inilah", "itulah"} or (
        points
        and sentence.first + 1 < end
        and text.tokens[sentence.first + 1].fold in {"ini", "itu", "tersebut"}
    )
    return pointed and bool(
        lexicon["type_words.strong"].within(text.tokens, sentence.first, end)
        or lexicon["type_words.defining"].within(text.tokens, sentence.first, end)
    )


def _name_follows(around: Surroundings, at: int, limit: int) -> bool:
    """Return whether the words behind a compound give the thing a name: "absensi daring pegawai bernama X"."""
    tokens, naming = around.text.tokens, around.lexicon["naming.before"]
    for place in range(at, min(limit, at + 4)):
        if naming.length_from(tokens, place):
            return True
        if tokens[place].kind != "word":
            return False
    return False


def _defines(around: Surroundings, at: int, limit: int) -> bool:
    """Return whether an explanation starts here: a defining word in small letters, or a noun that "yang" explains."""
    tokens, lexicon = around.text.tokens, around.lexicon
    if at >= limit or tokens[at].kind != "word" or tokens[at].capital:
        return False
    if tokens[at].fold in {"sebuah", "suatu", "semacam", "sejenis", "yakni", "yaitu"}:
        at += 1
    if at >= limit or lexicon.is_function(tokens[at].fold):
        return False
    if lexicon["persons.speech"].length_from(tokens, at):
        return False
    return bool(lexicon["type_words.defining"].length_from(tokens, at))


def _plain_noun(around: Surroundings, at: int, limit: int) -> bool:
    """Return whether any noun in small letters stands here: no small word, no verb, nothing said."""
    if at >= limit:
        return False
    token, lexicon = around.text.tokens[at], around.lexicon
    return (
        token.kind == "word"
        and not token.capital
        and not lexicon.is_function(token.fold)
        and not ACTIVE.match(token.fold)
        and not lexicon["persons.speech"].length_from(around.text.tokens, at)
    )


def _after_insertion(around: Surroundings, at: int, limit: int) -> int:
    """Return the place behind an insertion between two commas."""
    tokens = around.text.tokens
    end = next((place for place in range(at + 1, min(limit, at + 14)) if tokens[place].text == ","), limit)
    return end + 1


def _ground(around: Surroundings, mention: Mention) -> dict[str, bool]:
    """Return what the sentence holds: a unit of the government that may run it, words of innovation."""
    text, lexicon = around.text, around.lexicon
    sentence = text.sentences[text.sentence_of[mention.first]]
    outside = [
        place for place in range(sentence.first, sentence.last) if not mention.first <= place < mention.last
    ]
    unit = any(unit_at(around, place) for place in outside)
    word = any(lexicon["innovation_words.words"].length_from(text.tokens, place) for place in outside)
    return {"unit_in_sentence": unit, "innovation_word_in_sentence": word}


def joined_features(all_features: Sequence[Features]) -> Features:
    """Return the strongest value of each feature over all mentions of a name."""
    joined: Features = {}
    for features in all_features:
        for name, value in features.items():
            if name not in EVERYWHERE or all(name in others for others in all_features):
                joined[name] = max(value, joined.get(name, 0.0))
    if len(all_features) > 1:
        joined["repeated"] = 1.0
    return joined


def key_of(name: str) -> str:
    """Return what makes two mentions the same name."""
    return squeezed(name)
