"""Finds what a person may open, or answers that there is no such page."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from tifa.dossiers.models import Dossier
from tifa.dossiers.selectors.dossiers import (
    FormItem,
    Rights,
    form_items,
    rights_on,
    visible_dossiers,
)
from tifa.instruments import BrokenInstrument, Instrument, UnknownInstrument, load_instrument
from tifa.organisation.desk import Desk
from tifa.registry.models import Innovation
from tifa.registry.selectors import visible_innovations


def innovation_or_404(desk: Desk, code: str) -> tuple[Innovation, Rights]:
    """Return an innovation that the person may see, and what they may do with its dossiers."""
    innovation = get_object_or_404(visible_innovations(desk.person, desk.tree), code=code)
    return innovation, rights_on(desk.person, innovation, desk.tree)


def dossier_or_404(desk: Desk, pk: int) -> tuple[Dossier, Instrument, Rights]:
    """Return a dossier that the person may see, its edition, and what they may do with it."""
    dossier = get_object_or_404(visible_dossiers(desk.person, desk.tree), pk=pk)
    return (
        dossier,
        edition_or_404(dossier.instrument_id),
        rights_on(desk.person, dossier.innovation, desk.tree),
    )


def edition_or_404(instrument_id: str) -> Instrument:
    """Return an edition that is installed."""
    try:
        return load_instrument(instrument_id)
    except (UnknownInstrument, BrokenInstrument) as error:
        raise Http404 from error


def item_or_404(dossier: Dossier, instrument: Instrument, item: str) -> FormItem:
    """Return an item of the dossier's group that is written here."""
    found = next((one for one in form_items(instrument, dossier.group) if one.id == item), None)
    if found is None:
        raise Http404
    return found
