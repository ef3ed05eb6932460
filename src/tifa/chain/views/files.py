"""Files that come in with a form, and the addresses of what goes out."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from tifa.chain.forms.content import typed
from tifa.core.files import RefusedFile, check_upload
from tifa.organisation.models import Person
from tifa.registry.services import keep_file
from tifa.registry.tasks import read_file


def keep_upload(request: HttpRequest, person: Person, name: str) -> tuple[str, str]:
    """Store an uploaded file at once, so that an error elsewhere in the form does not lose it.

    Returns the number of the file that the form holds from now on, which is the one it held before when no
    other was uploaded and it was not taken away; and why an upload was refused, or nothing.
    """
    held = "" if request.POST.get("remove_file") else typed(request.POST, [f"{name}_file"])[f"{name}_file"]
    upload = request.FILES.get(f"{name}_upload")
    if upload is None:
        return held, ""
    try:
        checked = check_upload(upload)
    except RefusedFile as refusal:
        return held, str(refusal)
    stored = keep_file(actor=person, upload=upload, checked=checked)
    read_file.enqueue(stored.pk, get_language() or "id")
    return str(stored.pk), ""


def download_urls(request: HttpRequest, name: str, **others: str) -> dict[str, str]:
    """Return the addresses under which the list of this page, narrowed as it is, can be downloaded."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return {
        "excel_url": reverse(name, args=["xlsx"]) + query,
        "csv_url": reverse(name, args=["csv"]) + query,
        **{key: reverse(other) + query for key, other in others.items()},
    }
