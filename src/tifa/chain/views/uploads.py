"""Takes in a file piece by piece, and keeps it when it is whole; the form then only names it."""

from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from tifa.core.files import RefusedFile, check_upload
from tifa.core.models import Upload
from tifa.core.permissions import permission
from tifa.core.uploads import PIECE_BYTES, WrongPlace, begin_upload, take_piece, whole
from tifa.organisation.desk import person_of
from tifa.organisation.models import Person
from tifa.registry.services import keep_file
from tifa.registry.tasks import read_file


@permission("organisation.use_room")
@require_POST
def upload_begin(request: HttpRequest) -> JsonResponse:
    """Begin a file or find what is there of it, and say from where it goes on."""
    try:
        upload = begin_upload(
            person=person_of(request),
            name=request.POST.get("name", ""),
            size=_number(request.POST.get("size")),
            now=timezone.now(),
        )
    except RefusedFile as refusal:
        return JsonResponse({"message": str(refusal)}, status=422)
    if upload.received == upload.size:  # the last piece arrived, but not the answer to it
        return _finished(person_of(request), upload)
    return JsonResponse({"id": upload.pk, "received": upload.received})


@permission("organisation.use_room")
@require_POST
def upload_piece(request: HttpRequest, pk: int) -> JsonResponse:
    """Take one piece; with the last one the file is checked and kept."""
    person = person_of(request)
    upload = get_object_or_404(Upload, pk=pk, person=person)
    piece = request.FILES.get("piece")
    if piece is None or not 0 < (piece.size or 0) <= PIECE_BYTES:
        return JsonResponse({"received": upload.received}, status=409)
    try:
        upload = take_piece(
            upload=upload, offset=_number(request.POST.get("offset")), piece=piece.read(), now=timezone.now()
        )
    except WrongPlace as wrong:
        return JsonResponse({"received": wrong.received}, status=409)
    except Upload.DoesNotExist as gone:
        raise Http404 from gone
    return (
        _finished(person, upload)
        if upload.received == upload.size
        else JsonResponse({"received": upload.received})
    )


def _finished(person: Person, upload: Upload) -> JsonResponse:
    try:
        with whole(upload) as file:
            stored = keep_file(actor=person, upload=file, checked=check_upload(file))
    except RefusedFile as refusal:
        return JsonResponse({"message": str(refusal)}, status=422)
    except FileNotFoundError as gone:  # another tab was faster
        raise Http404 from gone
    read_file.enqueue(stored.pk, get_language() or "id")
    return JsonResponse({"received": upload.size, "file": stored.pk})


def _number(text: str | None) -> int:
    if text is None or not text.isdecimal() or len(text) > 15:
        raise Http404
    return int(text)
