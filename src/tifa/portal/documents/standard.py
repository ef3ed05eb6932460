"""A standard on paper: everything that its page says."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tifa.core.documents import Column, Report, Table, pdf_of
from tifa.instruments import Instrument, digest, load_instrument
from tifa.portal.selectors.formulas import Computed
from tifa.portal.selectors.standards import (
    ItemTable,
    Moment,
    alternatives_of,
    changes_of,
    day,
    item_tables,
    kind_of,
    moment,
    moves,
    results_of,
    sample_rules,
    standard_text,
)

Values = Mapping[str, Any]


def standard_pdf(instrument: Instrument) -> bytes:
    """Return a standard as a PDF; made once a process for each content and language, as anybody may ask."""
    return _standard_pdf(instrument.id, digest(instrument), get_language() or "")


@lru_cache(maxsize=32)
def _standard_pdf(instrument_id: str, content: str, _language: str) -> bytes:
    instrument = load_instrument(instrument_id)
    text = standard_text(instrument)
    report = Report(
        title=text["title"],
        subtitle=f"{kind_of(instrument)} · {instrument.id}",
        facts=[*_facts(text), (_("Digest (SHA-256)"), content)],
        paragraphs=[*_cancelled(text), text["about"], _legend()],
        tables=[
            *_groups(text),
            *(_items(table) for table in item_tables(instrument, text)),
            *_results(_("How the result is computed"), results_of(instrument)),
            *(_bands(table) for table in text.get("bands", ())),
            *_alternatives(instrument),
            *_samples(instrument),
            *_list(_("Who may enter"), text.get("conditions", ())),
            *_list(_("What must be attached"), text.get("attachments", ())),
            *_categories(text),
            *_calendar(text),
            *_list(_("Stages"), text.get("stages", ())),
            *_changes(instrument),
            _sources(text),
            *_gaps(text),
        ],
    )
    return pdf_of(report)


def _legend() -> str:
    return _(
        "“Confirmed” was read in a source, “set locally” is what the city or this project decided, “likely” comes "
        "from a local system or an inference, “not found” means that nobody found it: such a value stays empty and "
        "is never guessed."
    )


def _facts(text: Values) -> Iterator[tuple[str, str]]:
    yield _("Edition"), str(text["year"])
    yield _("Revision of the data"), str(text["revision"])
    if "base" in text:
        yield _("Rests on"), text["base"]
    if "predecessor" in text:
        yield _("Edition before"), text["predecessor"]
    if "theme" in text:
        yield _("Theme"), f"{text['theme']['label']} ({_sourced(text['theme'])})"
    for one in text["legal_basis"]:
        yield _("Legal basis"), f"{one['name']}: {one['role']} ({_sourced(one)})"
    if "scale" in text:
        scale = text["scale"]
        yield _("How scores are given"), f"{scale['minimum']}–{scale['maximum']}. {scale['aggregation']}"
        yield _("Passing grade"), _known(scale["passing_grade"])
    if "forwarded_by" in text:
        yield _("Who forwards proposals"), text["forwarded_by"]["unit"]


def _cancelled(text: Values) -> Iterator[str]:
    if "cancelled" in text:
        said = text["cancelled"]
        yield _("This edition did not take place") + f": {said['label']} ({_sourced(said)})"
        if "replaced_by" in said:
            yield _("In its place:") + f" {said['replaced_by']}"


def _groups(text: Values) -> Iterator[Table]:
    names = {
        "total_weight": _("Sum of the weights"),
        "total_words": _("Sum of the word limits"),
        "cap": _("Proposals an institution may send"),
    }
    rows = [
        (
            group["label"],
            "\n".join(
                [
                    group["rule"],
                    *(f"{name}: {_known(group[key])}" for key, name in names.items() if key in group),
                ]
            ),
            _sourced(group),
        )
        for group in text.get("groups", ())
    ]
    if rows:
        yield Table(
            _("Groups"), [Column(_("Group"), 1.2), Column(_("Rule"), 4), Column(_("Status"), 1.2)], rows
        )


def _items(table: ItemTable) -> Table:
    columns = [
        Column(_("No."), 0.5),
        Column(_("Item"), 3),
        *([Column(_("Weight"), 1)] if table.weighted else []),
        Column(_("How it is answered"), 3),
        Column(_("Status"), 1.1),
    ]
    rows = list(chain.from_iterable(_part(table, part, items) for part, items in table.parts))
    heading = (
        _("What is asked") if not table.heading else _("What is asked: %(name)s") % {"name": table.heading}
    )
    return Table(heading, columns, rows)


def _part(table: ItemTable, part: str, items: Sequence[Values]) -> Iterator[Sequence[str]]:
    if part:
        yield ("", part.upper(), *([""] if table.weighted else []), "", "")
    for item in items:
        name = item["label"] + (f" ({_('required')})" if item.get("required") else "")
        yield (
            item["number"],
            "\n".join([name, *(item[key] for key in ("guidance", "note") if key in item)]),
            *([_known(item["weight"]) if "weight" in item else "–"] if table.weighted else []),
            "\n".join([*_ANSWERED[item["kind"]](item), *_evidence(item)]),
            _told(item["status"], item.get("reference") or (), ""),
        )


def _text(item: Values) -> Iterator[str]:
    yield f"{_('Text')}. {_('Most words')}: {_known(item['max_words'])}"
    if "min_words" in item:
        yield f"{_('Fewest words')}: {_known(item['min_words'])}"
    for one in item.get("questions", ()):
        yield f"– {one['label']}. {_('Most words')}: {_known(one['max_words'])}"


def _choice(item: Values) -> Iterator[str]:
    if "unit" in item:
        yield _("The ranges count: %(unit)s") % {"unit": item["unit"]}
    if not item.get("bases"):
        yield from _levels(item["levels"])
    for basis in item.get("bases", ()):
        yield f"{basis['label']}:"
        yield from _levels(basis["levels"])


def _scale(item: Values) -> Iterator[str]:
    ends = {"least": _figure(item["minimum"]), "most": _figure(item["maximum"])}
    yield _("Number from %(least)s to %(most)s") % ends
    yield from _levels(item.get("answers", ()))


def _number(item: Values) -> Iterator[str]:
    yield _("Number") + _range(item["ends"])


def _ratio(item: Values) -> Iterator[str]:
    yield f"{item['reached']['label']} ÷ {item['target']['label']} × 100%"


def _check(_item: Values) -> Iterator[str]:
    yield _("Mark: there or not there")


_ANSWERED: Mapping[str, Callable[[Values], Iterator[str]]] = {
    "text": _text,
    "choice": _choice,
    "scale": _scale,
    "number": _number,
    "ratio": _ratio,
    "check": _check,
}


def _levels(levels: Sequence[Values]) -> Iterator[str]:
    for one in levels:
        yield f"{one['value']} = {one['label']}{_range(one)}"


def _range(ends: Values) -> str:
    lower, upper = (None if ends.get(end) is None else _figure(ends[end]) for end in ("lower", "upper"))
    if lower and upper:
        return f" ({lower}–{upper})"
    if lower or upper:
        return f" (≥ {lower})" if lower else f" (≤ {upper})"
    return ""


def _evidence(item: Values) -> Iterator[str]:
    for one in item.get("evidence", ()):
        formats = f" ({', '.join(one['formats'])})" if one.get("formats") else ""
        yield f"{_('Evidence')}: {one['label']}{formats}"


def _results(title: str, results: Sequence[Computed]) -> Iterator[Table]:
    rows = [
        (
            f"{one.label}\n{one.scope}".strip(),
            "\n".join([one.formula, *one.rules, *(f"{name}: {_known(known)}" for name, known in one.values)]),
            _told(one.status, one.reference, one.note),
        )
        for one in results
    ]
    if rows:
        columns = [Column(_("Result"), 1.6), Column(_("Formula"), 4), Column(_("Status"), 1.6)]
        yield Table(title, columns, rows)


def _bands(table: Values) -> Table:
    columns = [
        Column(_("Name"), 3),
        Column(_("From"), 1, numeric=True),
        Column(_("To"), 1, numeric=True),
    ]
    rows = [
        (
            ", ".join([band["code"], band["label"], *([band["also"]] if "also" in band else [])]),
            _figure(band["lower"]),
            _figure(band["upper"]),
        )
        for band in table["bands"]
    ]
    return Table(table["label"], columns, rows, _sourced(table))


def _alternatives(instrument: Instrument) -> Iterator[Table]:
    for alternative, results in alternatives_of(instrument):
        title = _("Other way to compute: %(name)s") % {"name": alternative["label"]}
        yield from _results(title, results)


def _samples(instrument: Instrument) -> Iterator[Table]:
    rows = [(rule["label"], formula, _sourced(rule)) for rule, formula in sample_rules(instrument)]
    if rows:
        columns = [Column(_("Rule"), 1.2), Column(_("Formula"), 4), Column(_("Status"), 1.6)]
        yield Table(_("How many people to ask"), columns, rows)


def _list(title: str, parts: Sequence[Values]) -> Iterator[Table]:
    rows = [(("\n".join([part["label"], *_more(part)])), _sourced(part)) for part in parts]
    if rows:
        yield Table(title, [Column(_("What"), 4), Column(_("Status"), 1.6)], rows)


def _more(part: Values) -> Iterator[str]:
    if "limit" in part:
        yield f"{_('Number:')} {_known(part['limit'])}"
    if "required" in part:
        states = {True: _("required"), False: _("optional"), None: _("whether required: unknown")}
        yield part.get("required_when") or states[part["required"]]
    if part.get("actor"):
        yield part["actor"]
    if part.get("on"):
        yield _day(part["on"])
    for figure in part.get("figures", ()):
        yield f"{figure['label']}: {_known(figure)}"


def _categories(text: Values) -> Iterator[Table]:
    if "categories" in text:
        rows = [(one["label"],) for one in text["categories"]["choices"]]
        yield Table(_("Categories"), [Column(_("Name"))], rows, _sourced(text["categories"]))


def _calendar(text: Values) -> Iterator[Table]:
    if "calendar" not in text:
        return
    calendar = text["calendar"]
    announced = calendar["announced_close"]
    rows = [
        (_("Opens"), *_moment(moment(calendar["opens"]))),
        (_("Last day as first announced"), _day(announced["value"]), "", _sourced(announced)),
        (_("Closes"), *_moment(moment(calendar["closes"]))),
        *(
            (_("Moved on %(day)s to") % {"day": date_format(on, "j F Y") if on else ""}, *_moment(later))
            for on, later in moves(calendar["closes"])
        ),
    ]
    columns = [
        Column(_("When proposals are taken in"), 1.6),
        Column(_("Ministry's time"), 1.6),
        Column(_("The city's time"), 1.6),
        Column(_("Status"), 1.6),
    ]
    yield Table(_("Calendar"), columns, rows)


def _moment(one: Moment) -> tuple[str, str, str]:
    # A moment that has a zone is not put into that of the reader.
    ministry, home = (
        f"{date_format(at, 'j F Y H.i')} {at.tzname()}" if at else _("unknown")
        for at in (one.at_ministry, one.at_home)
    )
    return ministry, home if one.at_home else "", _told(one.status, one.reference, one.note)


def _changes(instrument: Instrument) -> Iterator[Table]:
    changes = changes_of(instrument)
    if changes is not None and changes.chapters:
        rows = [(chapter.title, "\n".join(chapter.sentences)) for chapter in changes.chapters]
        title = _("Differences to %(title)s") % {"title": changes.other.title}
        yield Table(title, [Column(_("Chapter"), 1), Column(_("What changed"), 5)], rows)


def _sources(text: Values) -> Table:
    rows = [(one["id"], "\n".join([one["title"], one.get("url") or ""]).strip()) for one in text["sources"]]
    return Table(_("Sources"), [Column(_("Short name"), 0.8), Column(_("Title and address"), 5)], rows)


def _gaps(text: Values) -> Iterator[Table]:
    if text.get("gaps"):
        yield Table(_("What nobody found yet"), [Column(_("What"))], [(gap,) for gap in text["gaps"]])


def _known(known: Values) -> str:
    readings = "; ".join(
        f"{_figure(one['value'])} {_('according to')} {', '.join(one['reference'])}"
        for one in known.get("readings", ())
    )
    value = _("unknown") if known["value"] is None else _figure(known["value"])
    later = [f"{_day(one['starts'])}: {_figure(one['value'])}" for one in known.get("changes", ())]
    return " ".join([value, f"({_sourced(known)})", *([readings] if readings else []), *later])


def _sourced(one: Values) -> str:
    return _told(one["status"], one.get("reference") or (), one.get("note") or "")


def _told(status: str, reference: Sequence[str], note: str) -> str:
    words = {
        "confirmed": _("confirmed"),
        "local": _("set locally"),
        "likely": _("likely"),
        "unknown": _("not found"),
    }
    return ". ".join([", ".join([words[status], *reference]), *([note] if note else [])])


def _figure(value: str | int) -> str:
    return number_format(value, force_grouping=True)


def _day(value: str | None) -> str:
    on = day(value)
    return date_format(on, "j F Y") if on else _("unknown")
