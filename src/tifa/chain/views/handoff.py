"""Ortal decides on one innovation."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.chain.forms.content import typed
from tifa.chain.forms.decision import DECISION_NAMES, DecisionForm
from tifa.chain.selectors.deadlines import offered_reasons
from tifa.chain.selectors.handoffs import handoffs_of, next_steps, older_sendings, standing_of
from tifa.chain.services.handoffs import Decision, WrongStep, decide_handoff
from tifa.chain.views.files import keep_upload
from tifa.chain.views.innovation_page import show_innovation
from tifa.core.permissions import permission
from tifa.dossiers.selectors.dossiers import ready_dossiers
from tifa.dossiers.services.writing import DossierRefused
from tifa.organisation.desk import Desk, desk_of
from tifa.registry.models import Innovation
from tifa.registry.selectors import decidable_innovations, kept_files


@permission("chain.decide")
@require_POST
def handoff_decide(request: HttpRequest, code: str) -> HttpResponse:
    """Record the next step, or say why it cannot be recorded."""
    desk = desk_of(request)
    innovation = get_object_or_404(decidable_innovations(desk.person, desk.tree), code=code)
    values = typed(request.POST, DECISION_NAMES)
    values["receipt_file"], refusal = keep_upload(request, desk.person, "receipt")
    form = _form(desk, innovation, values)
    valid = form.is_valid()
    if refusal:
        form.add_error("receipt_upload", refusal)
    elif valid:
        try:
            handoff = decide_handoff(
                actor=desk.person,
                innovation=innovation,
                decision=Decision(**form.decision()),
                seen=form.cleaned_data["seen"],
            )
        except (WrongStep, DossierRefused) as wrong:
            form = _form(desk, innovation, values)
            form.add_error(None, str(wrong))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Recorded: %(step)s.") % {"step": handoff.get_step_display()})
            return redirect("chain:innovation_detail", innovation.code)
    # Whoever has now read the newest step may decide on it.
    values["seen"] = str(form.last.pk) if form.last else ""
    return show_innovation(request, desk, innovation, decision=form)


def _form(desk: Desk, innovation: Innovation, values: dict[str, str]) -> DecisionForm:
    handoffs = list(handoffs_of(innovation))
    return DecisionForm(
        values,
        steps=next_steps(handoffs),
        last=standing_of(handoffs),
        older=older_sendings(handoffs),
        files=kept_files(desk.person),
        today=desk.today,
        reasons=offered_reasons(),
        dossiers=ready_dossiers(innovation),
    )
