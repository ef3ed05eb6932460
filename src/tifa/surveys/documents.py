"""What hangs at the counter: the code that leads to the questions."""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tifa.core.documents import Report, pdf_of
from tifa.organisation.selectors import UnitTree, letterhead_of
from tifa.surveys.models import Counter


def poster_pdf(counter: Counter, tree: UnitTree) -> bytes:
    """Return a sheet with the code of a counter."""
    service, wave = counter.service, counter.wave
    return pdf_of(
        Report(
            title=_("How was it?"),
            subtitle=f"{service.name}, {service.unit.name}",
            letterhead=letterhead_of(service.unit, tree),
            paragraphs=[
                _("Tell us in one minute. Nobody asks for your name."),
                _("From %(first)s to %(last)s.")
                % {
                    "first": date_format(wave.starts_on, "j F Y"),
                    "last": date_format(wave.ends_on, "j F Y"),
                },
            ],
            check=settings.SITE_URL + reverse("surveys:answer", args=[counter.code]),
            check_text=_("Point the camera of your phone here."),
        )
    )
