"""How the answer to each kind of item is read: what counts, and what a reader should know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from tifa.instruments.language import spoken
from tifa.instruments.schema import (
    CheckItem,
    ChoiceItem,
    Instrument,
    KnownCount,
    Level,
    NumberItem,
    RatioItem,
    ScaleItem,
    TextItem,
)
from tifa.instruments.scoring.facts import Finding, Given
from tifa.instruments.scoring.words import count_words

FOUND_LENGTH = 60
LARGEST = 15
YES = ("true", "ya", "yes", "ada", "1")
NO = ("false", "tidak", "no", "belum", "0")


class Misread(ValueError):
    """An answer does not fit its item: what was found and what was expected."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found)
        self.found, self.expected = found, expected


@dataclass(frozen=True)
class Read:
    """An answer that was read."""

    given: Given
    findings: tuple[Finding, ...] = ()


def read_text(instrument: Instrument, item: TextItem, value: Any) -> Read:
    """Read a text, a score, or both: ``"text"``, ``82``, ``{text: …, score: 82}``.

    A text with questions of its own may be answered question by question: ``{questions: {potensi: …}}``. What is
    nothing but a number is a score.
    """
    if not isinstance(value, Mapping):
        value = {"score": value} if _is_number(value) else {"text": value}
    fields = _fields(value, ("text", "questions", "score"))
    answers = _fields(fields.get("questions") or {}, [one.id for one in item.questions])
    texts = [_text(text) for text in (fields.get("text"), *answers.values()) if text is not None]
    score = fields.get("score")
    number = None if score is None or score == "" else _between(score, *_judged(instrument))
    words = count_words("\n".join(texts)) if texts else None
    findings = (
        [] if words is None else _limits(item.id, spoken(item.label), words, item.max_words, item.min_words)
    )
    for question in item.questions:
        if answers.get(question.id) is not None:
            count = count_words(str(answers[question.id]))
            findings += _limits(item.id, spoken(question.label), count, question.max_words, None)
    given = Given(None if number is None else Fraction(number), int(number is not None), words)
    return Read(given, tuple(findings))


def _text(value: Any) -> str:
    if isinstance(value, Mapping | list | tuple):
        raise Misread(shown(value), _("a text"))
    return str(value)


def read_choice(_instrument: Instrument, item: ChoiceItem, value: Any) -> Read:
    """Read a level: ``2``; or the number behind it: ``{number: 5.23}``; with the basis where there are several."""
    fields = _fields(value, ("level", "number", "basis")) if isinstance(value, Mapping) else {"level": value}
    basis = _basis(item, fields.get("basis"))
    ladder = item.ladder(basis)
    number = None if fields.get("number") is None else decimal_of(fields["number"])
    holding = [level for level in ladder if number is not None and level.holds(number)]
    if fields.get("level") is None and number is None:
        raise Misread(shown(fields.get("basis") or value), _("a level: %s") % _levels(ladder))
    if fields.get("level") is not None:
        level = _level(ladder, fields["level"])
        return Read(Given(Fraction(level.value), 1, basis=basis), _agreement(item, level, number, holding))
    if len(holding) == 1:
        return Read(Given(Fraction(holding[0].value), 1, basis=basis))
    return _undecided(item, number, holding)


def read_scale(_instrument: Instrument, item: ScaleItem, value: Any) -> Read:
    """Read a number on the scale: of one person, or a mean."""
    return Read(Given(Fraction(_between(value, item.minimum, item.maximum)), 1))


def read_number(_instrument: Instrument, item: NumberItem, value: Any) -> Read:
    """Read a number as it is."""
    number = decimal_of(value)
    if (item.minimum is not None and number < item.minimum) or (
        item.maximum is not None and number > item.maximum
    ):
        raise Misread(shown(value), _range(item.minimum, item.maximum))
    return Read(Given(Fraction(number), 1))


def read_ratio(_instrument: Instrument, item: RatioItem, value: Any) -> Read:
    """Read the two numbers of a share."""
    keys = (item.reached.id, item.target.id)
    expected = _("the numbers %(reached)s and %(target)s") % {"reached": keys[0], "target": keys[1]}
    if not isinstance(value, Mapping):
        raise Misread(shown(value), expected)
    fields = _fields(value, keys)
    if any(fields.get(key) is None for key in keys):
        raise Misread(", ".join(str(key) for key in fields) or shown(None), expected)
    reached, target = (decimal_of(fields[key]) for key in keys)
    if target == 0:
        finding = Finding("not_required", item.id, _("The target is 0, so there is nothing to reach."))
        return Read(Given(), (finding,))
    if reached < 0 or target < 0:
        raise Misread(str(min(reached, target)), _("numbers of 0 or more"))
    findings = []
    if reached > target:
        findings.append(
            Finding(
                "outside",
                item.id,
                _("More was reached (%(reached)s) than the target holds (%(target)s); check both numbers.")
                % {"reached": reached, "target": target},
            )
        )
    return Read(Given(100 * Fraction(reached) / Fraction(target), 1), tuple(findings))


def read_check(_instrument: Instrument, item: CheckItem, value: Any) -> Read:
    """Read a mark: there, or not there."""
    word = str(value).strip().casefold()
    if word not in YES + NO:
        raise Misread(shown(value), _("true or false"))
    return Read(Given(Fraction(int(word in YES)), 1))


def decimal_of(value: Any) -> Decimal:
    """Return a number of a person: whole, decimal, float, or text with a comma or a point.

    Raises
    ------
    Misread
        When it is none.
    """
    expected = _("a number such as 3 or 3.868")
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise Misread(shown(value), expected)
    text = repr(value) if isinstance(value, float) else str(value).strip()
    try:
        number = Decimal(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except InvalidOperation:
        raise Misread(shown(value), expected) from None
    if not number.is_finite() or abs(number.adjusted()) > LARGEST:
        raise Misread(shown(value), expected)
    return number


def shown(value: Any) -> str:
    """Return what was found as its writer knows it, cut short."""
    if isinstance(value, Mapping):
        return _("a block of fields")
    if isinstance(value, list | tuple):
        return _("a list")
    text = "" if value is None else str(value)
    return text if len(text) <= FOUND_LENGTH else f"{text[:FOUND_LENGTH]}…"


def _fields(value: Mapping[Any, Any], known: Sequence[str]) -> dict[str, Any]:
    for key in value:
        if str(key) not in known:
            raise Misread(str(key), _("one of: %s") % ", ".join(known))
    return {str(key): inner for key, inner in value.items()}


def _judged(instrument: Instrument) -> tuple[Decimal, Decimal]:
    if instrument.scale is None:
        raise Misread(_("a score"), _("a text; this standard has no scale for judges"))
    return instrument.scale.minimum, instrument.scale.maximum


def _between(value: Any, lowest: Decimal, highest: Decimal) -> Decimal:
    number = decimal_of(value)
    if not lowest <= number <= highest:
        raise Misread(shown(value), _range(lowest, highest))
    return number


def _range(lowest: Decimal | None, highest: Decimal | None) -> str:
    if lowest is None or highest is None:
        word = _("a number of %s or more") if highest is None else _("a number of %s or less")
        return word % (lowest if highest is None else highest)
    return _("a number from %(lowest)s to %(highest)s") % {"lowest": lowest, "highest": highest}


def _is_number(value: Any) -> bool:
    try:
        decimal_of(value)
    except Misread:
        return False
    return True


def _limits(item: str, label: str, words: int, most: KnownCount, least: KnownCount | None) -> list[Finding]:
    """Hold a number of words against the limits; words never become characters, and nothing is cut."""
    if most.value is not None and words > most.value:
        message = _(
            "“%(label)s” has %(words)d words; at most %(limit)d are allowed, so %(over)d are too many."
        )
        figures = {"words": words, "limit": most.value, "over": words - most.value}
        return [Finding("over_limit", item, message % {"label": label, **figures}, figures)]
    if least is not None and least.value is not None and words < least.value:
        message = _(
            "“%(label)s” has %(words)d words; at least %(limit)d are needed, so %(under)d are missing."
        )
        figures = {"words": words, "limit": least.value, "under": least.value - words}
        return [Finding("under_limit", item, message % {"label": label, **figures}, figures)]
    if most.value is None and most.readings:
        readings = ", ".join(f"{one.value} ({one.reference})" for one in most.readings)
        message = _("“%(label)s” has %(words)d words; the limit is not known: sources say %(readings)s.")
        texts = {"label": label, "words": words, "readings": readings}
        return [Finding("limit_unknown", item, message % texts, {"words": words})]
    return []


def _basis(item: ChoiceItem, value: Any) -> str | None:
    if value is None:
        return None
    known = [basis.id for basis in item.bases]
    if str(value) not in known:
        expected = _("one of: %s") % ", ".join(known) if known else _("no basis; this item has one way only")
        raise Misread(shown(value), expected)
    return str(value)


def _level(ladder: Sequence[Level], value: Any) -> Level:
    number = decimal_of(value)
    found = next((level for level in ladder if level.value == number), None)
    if found is None:
        raise Misread(shown(value), _("a level: %s") % _levels(ladder))
    return found


def _levels(ladder: Sequence[Level]) -> str:
    return ", ".join(str(level.value) for level in ladder)


def _agreement(
    item: ChoiceItem, level: Level, number: Decimal | None, holding: Sequence[Level]
) -> tuple[Finding, ...]:
    """Say when the number that was given with a level lies elsewhere, or at a boundary."""
    if number is None or [one.value for one in holding] == [level.value]:
        return ()
    if len(holding) > 1:
        return (Finding("boundary", item.id, _boundary(item, number, holding)),)
    message = _(
        "“%(label)s”: level %(level)d was chosen, but %(number)s does not lie in its published range."
    )
    return (
        Finding(
            "outside",
            item.id,
            message % {"label": spoken(item.label), "level": level.value, "number": number},
        ),
    )


def _undecided(item: ChoiceItem, number: Decimal | None, holding: Sequence[Level]) -> Read:
    """Leave a number without a level when the publication puts it into two, or into none."""
    if holding:
        message = _boundary(item, number, holding)
        return Read(Given(doubt=message), (Finding("boundary", item.id, message),))
    message = _("“%(label)s”: %(number)s lies in no published range. Choose the level yourself.")
    text = message % {"label": spoken(item.label), "number": number}
    return Read(Given(doubt=text), (Finding("boundary", item.id, text),))


def _boundary(item: ChoiceItem, number: Decimal | None, holding: Sequence[Level]) -> str:
    message = _(
        "“%(label)s”: %(number)s lies in the published ranges of levels %(levels)s. Choose the level yourself."
    )
    return message % {"label": spoken(item.label), "number": number, "levels": _levels(holding)}
