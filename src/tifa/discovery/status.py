"""Reads whether a thing is planned, tried out, launched or running, and since when."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from tifa.discovery.bodies import DATED, Reader
from tifa.discovery.mentions import YEAR, Mention

Status = Literal["planned", "trial", "launched", "implemented"]
NEAR: Final = 6
FUTURE_REACH: Final = 4
AFTER: Final = 8
NUMBERS: Final = {
    "setahun": 1,
    "satu tahun": 1,
    "dua tahun": 2,
    "tiga tahun": 3,
    "empat tahun": 4,
    "lima tahun": 5,
}


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
    near_done = _nearest(
        lexicon["plan_cues.done"].within(tokens, mention.last, min(sentence.last, mention.last + NEAR)),
        mention,
    )
    plans = _plans(reader, sentence.first, sentence.last)
    plan = _nearest(
        [at for at in plans if at < mention.last + AFTER and not _cut(reader, at, mention)], mention
    )
    launched = _launched(reader, mention)
    if plan is not None and not (near_done is not None and near_done < plan):
        done_before = lexicon["plan_cues.done"].within(
            tokens, max(sentence.first, mention.first - NEAR), mention.first
        )
        if not (launched and plan > NEAR) and not (done_before and plan > NEAR):
            return "planned"
    following = text.sentence_of[mention.first] + 1
    silent = plan is None and near_done is None and not launched
    if silent and following < len(text.sentences) and _follow_up_plan(reader, following):
        return "planned"
    if lexicon["plan_cues.trial"].within(tokens, sentence.first, sentence.last) and not _runs_fully(
        reader, sentence.first, sentence.last
    ):
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
        return any(
            token.text == ";" or (token.capital and not _in_unit(reader, low + place))
            for place, token in enumerate(between)
        )
    turns = {
        "sehingga",
        "agar",
        "supaya",
        "sedangkan",
        "sementara",
        "karena",
        "sebelum",
        "sambil",
        "tetapi",
        "namun",
    }
    if at > mention.last and any(token.fold in turns or token.text == "," for token in between):
        return True
    return (any(token.text in {";", ":"} for token in between) and at > mention.last) or any(
        token.text == ";" for token in between
    )


def _in_unit(reader: Reader, at: int) -> bool:
    return any(unit.first <= at < unit.last for unit in reader.units)


def _nearest(places: Iterable[int], mention: Mention) -> int | None:
    distances = [mention.first - at if at < mention.first else at - mention.last + 1 for at in places]
    return min(distances, default=None)


def _launched(reader: Reader, mention: Mention) -> bool:
    tokens, lexicon = reader.text.tokens, reader.lexicon
    sentence = reader.text.sentences[reader.text.sentence_of[mention.first]]
    return bool(
        lexicon["launch_verbs.launch"].within(
            tokens, max(sentence.first, mention.first - 12), min(sentence.last, mention.last + 6)
        )
    )


def _follow_up_plan(reader: Reader, number: int) -> bool:
    """Return whether the next sentence says that it, or its trial, is still to come."""
    text = reader.text
    sentence = text.sentences[number]
    head = text.tokens[sentence.first : sentence.first + 3]
    refers = any(
        token.fold.endswith("nya") or token.fold in {"itu", "ini", "tersebut", "layanan", "program", "sistem"}
        for token in head
    )
    if not refers:
        return False
    late = ("masih dihitung", "belum dimulai", "masih menunggu", "masih dikaji", "belum berjalan")
    later = ("tahun depan", "bulan depan", "pekan depan", "tahun mendatang")
    starts = (
        "uji coba",
        "dimulai",
        "dibuka",
        "beroperasi",
        "diluncurkan",
        "diterapkan",
        "rampung",
        "dibangun",
    )
    words = " ".join(token.fold for token in text.tokens[sentence.first : sentence.last])
    return any(term in words for term in late) or (
        any(term in words for term in later) and any(term in words for term in starts)
    )


def _runs_fully(reader: Reader, first: int, last: int) -> bool:
    words = " ".join(token.fold for token in reader.text.tokens[first:last])
    return any(
        term in words
        for term in (
            "berjalan penuh",
            "sudah berjalan",
            "diterapkan penuh",
            "berlaku penuh",
            "setelah uji coba",
            "usai uji coba",
        )
    )


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
