"""Everything as one workbook."""

import tempfile

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from tifa.core.clock import today
from tifa.core.downloads import WORKBOOK_TYPE
from tifa.core.permissions import permission
from tifa.exchange import exporting
from tifa.exchange.rules import EXPORT
from tifa.organisation.models import Person


@permission(EXPORT)
def export_all(request: HttpRequest) -> HttpResponseBase:
    """Hand out the workbook of what the person may see."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    try:
        exporting.export_all(file, person=request.user)
    except ValueError as error:  # a text that no cell can hold
        file.close()
        messages.error(request, str(error))
        return redirect("exchange:import_list")
    file.seek(0)
    name = f"tifa-{today().isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=WORKBOOK_TYPE)
