"""The steps of one innovation."""

from collections.abc import Collection, Sequence

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tifa.chain.choices import ANSWERS, LETTER_AFTER, NEXT_STEPS, Step
from tifa.chain.models import HandOff
from tifa.organisation.models import Person
from tifa.registry.models import Innovation
from tifa.registry.selectors import visible_innovations


def handoffs_of(innovation: Innovation) -> QuerySet[HandOff]:
    """Return the steps of an innovation in order, with who recorded them and their receipts."""
    return innovation.handoffs.select_related("recorded_by", "receipt", "sent__dossier").order_by("on", "pk")


def history_of(innovation: Innovation) -> QuerySet[HandOff]:
    """Return all steps of an innovation in order, also those that were taken back, each with who did that."""
    rows = HandOff.history.filter(innovation=innovation)
    return rows.select_related("recorded_by", "receipt", "sent__dossier", "reversal__recorded_by").order_by(
        "on", "pk"
    )


def last_handoff(innovation: Innovation) -> HandOff | None:
    """Return the last step of an innovation, whatever its date."""
    return innovation.handoffs.filter(aside=False).order_by("on", "pk").last()


def last_handoffs(innovations: Collection[int]) -> dict[int, HandOff]:
    """Return the last step of each of some innovations, whatever its date, in one statement."""
    rows = HandOff.objects.filter(innovation__in=innovations, until=None).order_by()
    return {row.innovation_id: row for row in rows}


def standing_of(handoffs: Sequence[HandOff]) -> HandOff | None:
    """Return where an innovation stands after its steps in order; answers to older sendings do not move it."""
    return next((one for one in reversed(handoffs) if not one.aside), None)


def older_sendings(handoffs: Sequence[HandOff]) -> dict[int, HandOff]:
    """Return the last step of each sending that the ministry can still answer while the innovation stands elsewhere.

    A sending is known by the key of what was sent, 0 for those without a dossier.
    """
    standing = standing_of(handoffs)
    last: dict[int, HandOff] = {}
    for one in handoffs:
        if one.step == Step.FORWARDED or one.step in ANSWERS:
            last[one.sent_id or 0] = one
    return {
        key: one
        for key, one in last.items()
        if one is not standing
        and set(NEXT_STEPS[Step(one.step)]) & ANSWERS
        and not _of_standing(standing, key)
    }


def _of_standing(standing: HandOff | None, key: int) -> bool:
    """Return whether the innovation stands at this very sending."""
    sent = standing is not None and (standing.step == Step.FORWARDED or standing.step in ANSWERS)
    return sent and standing is not None and (standing.sent_id or 0) == key


def next_steps(handoffs: Sequence[HandOff]) -> tuple[Step, ...]:
    """Return what may follow where an innovation stands, and what the ministry may answer to older sendings."""
    standing = standing_of(handoffs)
    steps = list(NEXT_STEPS[Step(standing.step) if standing else None])
    for one in older_sendings(handoffs).values():
        steps += [step for step in NEXT_STEPS[Step(one.step)] if step in ANSWERS and step not in steps]
    return tuple(steps)


def may_have_letter(handoffs: Sequence[HandOff]) -> bool:
    """Return whether the letter of forwarding can be made: once it is selected, and unless that was undone."""
    standing = standing_of(handoffs)
    return standing is not None and standing.step in LETTER_AFTER


def visible_receipts(person: Person) -> QuerySet[HandOff]:
    """Return the steps with a receipt of all innovations that a person may see."""
    innovations = visible_innovations(person).order_by()
    return HandOff.objects.filter(innovation__in=innovations, receipt__isnull=False).select_related("receipt")


def meanwhile(last: HandOff | None) -> str:
    """Return the sentence for somebody who decided on a page that is no longer true."""
    if last is None:
        return _("The steps were changed meanwhile. Read them, then decide again.")
    return _("Somebody recorded a step meanwhile: %(step)s on %(on)s. Read it, then decide again.") % {
        "step": last.get_step_display(),
        "on": date_format(last.on, "j F Y"),
    }


def too_early(last: HandOff) -> str:
    """Return the sentence for a step that is dated before the last one."""
    return _("The date lies before the last step (%(on)s). Give that day or a later one.") % {
        "on": date_format(last.on, "j F Y")
    }
