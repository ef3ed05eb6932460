"""The printed report of the gaps, and the letter that goes with a forwarded innovation."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tifa.chain.choices import GapKind, Holder, Step
from tifa.chain.models import Campaign, HandOff
from tifa.chain.selectors.board import Brief
from tifa.chain.selectors.choosing import Candidate, taken
from tifa.chain.selectors.flow import Flow
from tifa.chain.selectors.ledgers import Gap, ReportingGap, funnel, largest_loss
from tifa.core.documents import DOTS, Bar, Column, Report, Table, pdf_of, place_of_letters, word_of
from tifa.dossiers.selectors.choosing import codes_of
from tifa.instruments import Instrument, spoken
from tifa.organisation.models import Unit
from tifa.organisation.selectors import UnitTree, letterhead_of
from tifa.registry.models import Innovation
from tifa.registry.services import content_digest, content_of

LETTER = Path(__file__).resolve().parent / "letters" / "surat-penerusan.docx"
INVITATION = LETTER.with_name("undangan-pelaporan.docx")
COVERING = LETTER.with_name("surat-pengantar.docx")
MINISTRY_ADDRESSEE = "Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi"


def gaps_pdf(gap: ReportingGap, *, part: str, kinds: Collection[GapKind] = ()) -> bytes:
    """Return the ledgers, the lists behind each difference and the silent units as a PDF.

    Parameters
    ----------
    gap
        What is reported.
    part
        The part of the city in words, such as the name of a unit and a function.
    kinds
        The kinds of gap to list, and then nothing else; none means all, and the silent units.
    """
    listed = tuple(one for one in gap.gaps if not kinds or one.kind in kinds)
    chosen = replace(gap, gaps=listed)
    only = [_("Only: %(kinds)s.") % {"kinds": ", ".join(str(kind.label) for kind in kinds)}] if kinds else []
    report = Report(
        title=_("The reporting gap"),
        subtitle=_("%(part)s, as of %(day)s") % {"part": part, "day": date_format(gap.as_of, "j F Y")},
        paragraphs=[*only, _loss_sentence(gap), _overdue_sentence(chosen)],
        tables=[_ledger_table(gap), *_gap_tables(chosen), *([] if kinds else [_silent_table(gap)])],
    )
    return pdf_of(report)


def letter_docx(innovation: Innovation, steps: list[HandOff], *, on: date) -> bytes:
    """Return the letter of forwarding; what is not known yet is left as a line of dots."""
    forwarded = next((step for step in reversed(steps) if step.step == Step.FORWARDED), None)
    return word_of(
        LETTER,
        {
            "city": settings.CITY_NAME,
            "letter_number": forwarded.letter_number if forwarded and forwarded.letter_number else DOTS,
            "date": date_format(forwarded.on if forwarded else on, "j F Y"),
            "attachments": innovation.evidence.count(),
            "receiver": MINISTRY_ADDRESSEE,
            "code": innovation.code,
            "title": innovation.title,
            "unit": innovation.unit.name,
            "function": innovation.get_function_display(),
            "stage": innovation.get_stage_display(),
            "trial_started": _day(innovation.trial_started),
            "use_started": _day(innovation.use_started),
            "summary": innovation.summary or _("unknown"),
            "steps": [
                {
                    "step": step.get_step_display(),
                    "on": _day(step.on),
                    "letter_number": step.letter_number or "–",
                }
                for step in steps
            ],
            "digest": content_digest(content_of(innovation)),
            "signer_role": _("Head of the organisation section"),
        },
    )


def invitation_docx(campaign: Campaign, units: Sequence[Unit], *, on: date) -> bytes:
    """Return the letter that invites units to a campaign, with the list of the units; dots where nothing is known yet."""
    return word_of(
        INVITATION,
        {
            "city": settings.CITY_NAME,
            "letter_number": campaign.letter_number or DOTS,
            "date": date_format(campaign.opened_on or on, "j F Y"),
            "name": campaign.name,
            "invitation": campaign.invitation.splitlines(),
            "asked": campaign.asked.splitlines(),
            "period": f"{_day(campaign.starts_on)} – {_day(campaign.ends_on)}",
            "due": date_format(campaign.due, "j F Y"),
            "count": len(units),
            "units": [{"code": unit.code, "name": unit.name} for unit in units],
        },
    )


def covering_docx(
    instrument: Instrument,
    candidates: Sequence[Candidate],
    *,
    letter_number: str,
    receiver: str,
    sender: Unit,
    tree: UnitTree,
    on: date,
) -> bytes:
    """Return the letter that goes with the chosen dossiers of an edition, each with its number and its check code."""
    chosen = [one for one in candidates if one.weighed.chosen]
    codes = codes_of([one.key for one in chosen])
    with translation.override(settings.LANGUAGE_CODE):
        groups = {one.id: spoken(one.label) for one in instrument.groups}
        context = {
            "letterhead": letterhead_of(sender, tree),
            "city": settings.CITY_NAME,
            "place": place_of_letters(),
            "date": date_format(on, "j F Y"),
            "letter_number": letter_number or DOTS,
            "receiver": receiver or DOTS,
            "edition": spoken(instrument.title),
            "count": len(chosen),
            "check_page": f"{settings.SITE_URL}/periksa/",
            "signer": DOTS,
            "signer_role": _("Head of the organisation section"),
            "dossiers": [
                {
                    "number": number,
                    "title": one.innovation.title,
                    "unit": one.innovation.unit.name,
                    "group": groups.get(one.weighed.dossier.group, "–"),
                    "check": codes.get(one.key, "–"),
                }
                for number, one in enumerate(chosen, start=1)
            ],
        }
    return word_of(COVERING, context)


def choice_pdf(instrument: Instrument, candidates: Sequence[Candidate], *, on: date) -> bytes:
    """Return the minutes of a choice under the cap: what goes out and why, and what is held back, why and until when."""
    decided = [one for one in candidates if one.weighed.selection or one.weighed.sent]
    chosen = [one for one in decided if one.weighed.chosen]
    held = [one for one in decided if not one.weighed.chosen]
    caps = [
        _("%(group)s: %(count)d of %(most)s.")
        % {
            "group": one.cap.label or _("Chosen"),
            "count": one.count,
            "most": _("an unknown cap") if one.cap.most is None else one.cap.most,
        }
        for one in taken(instrument, candidates, {one.key for one in chosen})
    ]
    columns = [Column(_("Innovation"), 3), Column(_("Unit"), 2), Column(_("Place"), 0.8, numeric=True)]
    return pdf_of(
        Report(
            title=_("Minutes of the choice"),
            subtitle=f"{spoken(instrument.title)}, {date_format(on, 'j F Y')}",
            paragraphs=caps,
            tables=[
                Table(
                    _("Chosen (%(count)d)") % {"count": len(chosen)},
                    [*columns, Column(_("Reason"), 3)],
                    [(*_choice_row(one), _said_of(one)) for one in chosen],
                ),
                Table(
                    _("Held back (%(count)d)") % {"count": len(held)},
                    [*columns, Column(_("Reason"), 3), Column(_("Due"), 1)],
                    [(*_choice_row(one), _said_of(one), _due_of(one)) for one in held],
                ),
            ],
            signature=_("Head of the organisation section"),
        )
    )


def _choice_row(one: Candidate) -> tuple[str, str, str]:
    place = "–" if one.rank is None or one.rank.rank is None else str(one.rank.rank)
    return f"{one.innovation.code} {one.innovation.title}", one.innovation.unit.name, place


def _said_of(one: Candidate) -> str:
    return one.weighed.selection.reason if one.weighed.selection else "–"


def _due_of(one: Candidate) -> str:
    return _day(one.weighed.selection.due) if one.weighed.selection else "–"


def _ledger_table(gap: ReportingGap) -> Table:
    rows = [
        (
            str(row.ledger.label),
            str(row.count),
            "–" if row.share is None else f"{row.share:.0%}",
            str(row.lost),
        )
        for row in funnel(gap.ledgers)
    ]
    return Table(
        title=_("Ledgers"),
        columns=[
            Column(_("Ledger"), 3),
            Column(_("Innovations"), numeric=True),
            Column(_("Share of the one before"), 1.4, numeric=True),
            Column(_("Stayed behind"), 1.2, numeric=True),
        ],
        rows=rows,
        note=_("A ledger counts the innovations that ever reached it."),
    )


def _gap_tables(gap: ReportingGap) -> list[Table]:
    columns = [
        Column(_("Innovation"), 3),
        Column(_("Unit"), 2),
        Column(_("Since"), 1.2),
        Column(_("Due"), 1.2),
        Column(_("Days left"), 0.8, numeric=True),
        Column(_("Reason"), 2),
    ]
    return [
        Table(f"{kind.label} ({count})", columns, [_gap_row(one) for one in gap.of_kind(kind)])
        for kind, count in gap.counts.items()
        if count
    ]


def _gap_row(gap: Gap) -> tuple[str, ...]:
    days = "–" if gap.days_left is None else str(gap.days_left)
    return (
        f"{gap.innovation} {gap.title}",
        gap.unit.name,
        _day(gap.since),
        _day(gap.due),
        days,
        gap.reason or "–",
    )


def _silent_table(gap: ReportingGap) -> Table:
    return Table(
        title=_("Silent units (%(count)d)") % {"count": len(gap.silent_units)},
        columns=[Column(_("Code")), Column(_("Unit"), 3), Column(_("Kind"), 1.5)],
        rows=[(unit.code, unit.name, unit.get_kind_display()) for unit in gap.silent_units],
        note=_("Nothing said in the running campaign; without one, nothing in %(year)d.")
        % {"year": gap.as_of.year},
    )


def _loss_sentence(gap: ReportingGap) -> str:
    worst = largest_loss(funnel(gap.ledgers))
    if worst is None:
        return _("No innovation stayed behind.")
    return ngettext(
        "The largest loss is before “%(ledger)s”: %(count)d innovation stayed behind.",
        "The largest loss is before “%(ledger)s”: %(count)d innovations stayed behind.",
        worst.lost,
    ) % {"ledger": worst.ledger.label, "count": worst.lost}


def _overdue_sentence(gap: ReportingGap) -> str:
    if not gap.overdue:
        return _("Nothing is overdue.")
    return ngettext("%(count)d innovation is overdue.", "%(count)d innovations are overdue.", gap.overdue) % {
        "count": gap.overdue
    }


def _day(day: date | None) -> str:
    return date_format(day, "j M Y") if day else _("unknown")


def brief_pdf(seen: Brief, figures: Flow, *, on: date, shown: int, units: int) -> bytes:
    """Return the leader's page on one sheet of paper: what is stuck with whom, what to decide this week."""
    board = seen.board
    hands = (*board.of(Holder.ORTAL), *board.of(Holder.MINISTRY), *seen.units[:units])
    week = seen.week[:shown]
    report = Report(
        title=_("For the leader"),
        subtitle=date_format(on, "j F Y"),
        paragraphs=[
            _("%(stuck)d of %(known)d innovations wait for somebody; %(overdue)d are overdue.")
            % {"stuck": seen.stuck, "known": seen.known, "overdue": board.overdue},
            *_compared(figures),
        ],
        bars=[
            Bar(str(hand.unit.name if hand.unit else hand.holder.label), hand.count, hand.overdue)
            for hand in hands
        ],
        bars_title=_("In whose hands (in brackets: overdue)"),
        tables=[
            Table(
                title=_("To decide this week (%(count)d)") % {"count": len(seen.week)},
                columns=[
                    Column(_("Innovation"), 3),
                    Column(_("Unit"), 2),
                    Column(_("Gap"), 1.8),
                    Column(_("Due"), 1),
                ],
                rows=[
                    (f"{gap.innovation} {gap.title[:80]}", gap.unit.name, str(gap.kind.label), _day(gap.due))
                    for gap in week
                ],
                note=_("and %(count)d more in the list") % {"count": len(seen.week) - len(week)}
                if len(seen.week) > len(week)
                else "",
            )
        ],
    )
    return pdf_of(report)


def _compared(figures: Flow) -> list[str]:
    if figures.total.share is None:
        return []
    national = ", ".join(f"{_percent(one.lost)} ({one.edition})" for one in figures.national)
    return [
        _("Reported and never forwarded here: %(share)s. In the whole country: %(national)s.")
        % {"share": _percent(figures.total.share), "national": national}
    ]


def _percent(share: float) -> str:
    return f"{number_format(round(share * 100, 1), 1)}%"
