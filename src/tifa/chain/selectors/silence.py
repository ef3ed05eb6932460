"""Who was silent on a day: by the campaigns that run, else by the calendar year."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import F, IntegerField, Q, QuerySet, Value

from tifa.chain.choices import CampaignKind, Step
from tifa.chain.models import Campaign, CampaignNil, CampaignUnit, HandOff, NilReport, VitalCheck

NO_CAMPAIGN = 0


def running_on(day: date, path: str = "") -> Q:
    """Return the condition that a campaign runs on ``day``; ``path`` leads to it, such as ``campaign__``."""
    return Q(**{f"{path}opened_on__lte": day}) & (
        Q(**{f"{path}closed_on": None}) | Q(**{f"{path}closed_on__gt": day})
    )


def silent_ids(units: Collection[int], as_of: date) -> set[int]:
    """Return those of ``units`` that were silent on a day.

    A unit on the list of a running campaign is silent until it has said something in it; any other when it said
    nothing in the calendar year. Without a running campaign this costs two statements, whatever the rows.
    """
    spoke = set(
        HandOff.objects.filter(step=Step.REPORTED, on__year=as_of.year, on__lte=as_of)
        .order_by()
        .values_list("innovation__unit", flat=True)
        .distinct()
    )
    asked: dict[int, set[int]] = {}
    for unit, campaign in _said_and_asked(as_of):
        if campaign == NO_CAMPAIGN:
            spoke.add(unit)
        else:
            asked.setdefault(campaign, set()).add(unit)
    if not asked:
        return set(units) - spoke
    silent: set[int] = set()
    for one in Campaign.objects.filter(pk__in=asked):
        silent |= asked[one.pk] - spoke_in(one, as_of)
    return set(units) & (silent | (set(units) - spoke - set().union(*asked.values())))


def spoke_in(campaign: Campaign, as_of: date) -> set[int]:
    """Return the units that said something in a campaign: a report, a check of an innovation, or “nothing new”."""
    rows = _tagged(reports_in(campaign, as_of), unit=F("innovation__unit")).union(
        _tagged(VitalCheck.objects.filter(campaign=campaign, recorded_on__lte=as_of)),
        _tagged(CampaignNil.objects.filter(campaign=campaign, on__lte=as_of)),
        _tagged(year_nils(campaign, as_of)),
    )
    return {unit for unit, _tag in rows}


def reports_in(campaign: Campaign, as_of: date) -> QuerySet[HandOff]:
    """Return the reports that answer a campaign: those from the first day of its period until it is closed.

    A late answer is an answer, so the end of the period does not cut it off.
    """
    last = min(campaign.closed_on or as_of, as_of)
    return HandOff.objects.filter(step=Step.REPORTED, on__gte=campaign.starts_on, on__lte=last)


def year_nils(campaign: Campaign, as_of: date) -> QuerySet[NilReport]:
    """Return the nil reports by year that answer a campaign too.

    A yearly campaign takes over those of its year; one of a shorter period only those given in it.
    """
    rows = NilReport.objects.filter(
        year__gte=campaign.starts_on.year, year__lte=campaign.ends_on.year, on__lte=as_of
    )
    if campaign.kind == CampaignKind.YEARLY:
        return rows
    return rows.filter(on__gte=campaign.starts_on)


def _said_and_asked(as_of: date) -> list[tuple[int, int]]:
    """Return units with 0 for a word in the year, or with the running campaign that asks them."""
    year = as_of.year
    rows = _tagged(NilReport.objects.filter(year=year, on__lte=as_of)).union(
        _tagged(VitalCheck.objects.filter(recorded_on__year=year, recorded_on__lte=as_of)),
        _tagged(CampaignNil.objects.filter(on__year=year, on__lte=as_of)),
        _tagged(CampaignUnit.objects.filter(running_on(as_of, "campaign__")), tag=F("campaign_id")),
    )
    return [(unit, campaign) for unit, campaign in rows]


def _tagged(rows: QuerySet[Any], *, unit: F | None = None, tag: F | None = None) -> QuerySet[Any, Any]:
    """Return pairs of a unit and a tag, in a shape that can be joined with those of other tables."""
    untagged = Value(NO_CAMPAIGN, output_field=IntegerField())
    pairs: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(of_unit=unit or F("unit_id"), tag=tag or untagged)
        .values_list("of_unit", "tag")
    )
    return pairs
