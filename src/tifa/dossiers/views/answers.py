"""One item of a dossier: written, saved by itself, commented on, and its versions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.core.differences import pieces
from tifa.core.forms import renew
from tifa.core.permissions import permission
from tifa.dossiers.forms import AnswerForm, RemarkForm
from tifa.dossiers.models import AnswerVersion, Dossier, DossierAnswer
from tifa.dossiers.selectors.dossiers import (
    FormItem,
    answers_of,
    comments_on,
    evidence_label,
    form_items,
    levels_of,
    parts_of,
    story_of,
)
from tifa.dossiers.services.presence import note_presence
from tifa.dossiers.services.writing import (
    DossierRefused,
    StaleText,
    comment,
    resolve,
    save_answer,
    take_into_story,
    verify_answer,
)
from tifa.dossiers.story import blocks_of
from tifa.dossiers.views.access import dossier_or_404, item_or_404
from tifa.instruments import Instrument, spoken
from tifa.instruments.schema import ChoiceItem, TextItem
from tifa.instruments.scoring.words import count_words
from tifa.organisation.desk import Desk, desk_of
from tifa.registry.selectors import evidence_of, vault


@permission("dossiers.view")
def answer(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    """Show an item with its limit, the story behind it and its comments; keep what is written."""
    desk = desk_of(request)
    dossier, instrument, rights = dossier_or_404(desk, pk)
    asked = item_or_404(dossier, instrument, item)
    stored = answers_of(dossier).get(item)
    form = _form(dossier, asked, stored, request.POST if request.method == "POST" else None, desk.today)
    context: dict[str, Any] = {"rights": rights, "open": dossier.is_open, "form": form}
    status = 200
    if request.method == "POST":
        if not rights.write:
            raise PermissionDenied
        if form.is_valid():
            try:
                _saved(desk, dossier, item, form)
            except StaleText as stale:
                renew(form, stale.version)
                context |= {"stale": stale, "merged": _merged(asked, stale, form)}
                status = 409
            except DossierRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Saved."))
                return redirect("dossiers:answer", pk, item)
    if status == 200 and form.errors:
        status = 422
    context |= _about(desk, dossier, instrument, asked, stored)
    if rights.write and dossier.is_open:
        context["here"] = _others_here(desk, dossier, item)
    context["autosave_key"] = f"dossier-{desk.person.pk}-{pk}-{item}"
    return render(request, "dossiers/answer.html", context, status=status)


@permission("dossiers.write")
@require_POST
def answer_autosave(request: HttpRequest, pk: int, item: str) -> JsonResponse:
    """Keep what is typed so far."""
    desk = desk_of(request)
    dossier, instrument, rights = dossier_or_404(desk, pk)
    form = _form(dossier, item_or_404(dossier, instrument, item), None, request.POST, desk.today)
    if not rights.write:
        raise PermissionDenied
    if not form.is_valid():
        return JsonResponse({"message": _("Nothing could be stored yet.")}, status=422)
    try:
        stored = _saved(desk, dossier, item, form)
    except StaleText as stale:
        said = _("%(sentence)s Press “Save” to see both texts.") % {"sentence": str(stale)}
        return JsonResponse({"message": said, "version": stale.version}, status=409)
    except DossierRefused as refusal:
        return JsonResponse({"message": str(refusal)}, status=409)
    return JsonResponse({"version": stored.version, "here": _others_here(desk, dossier, item)})


@permission("dossiers.comment")
@require_POST
def answer_comment(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    """Comment on an item, resolve a comment, or tell the story as this dossier does."""
    desk = desk_of(request)
    dossier, instrument, rights = dossier_or_404(desk, pk)
    item_or_404(dossier, instrument, item)
    if not rights.comment:
        raise PermissionDenied
    action, now = request.POST.get("action"), timezone.now()
    if action == "resolve":
        found = get_object_or_404(comments_on(dossier, item), pk=_key(request.POST.get("comment")))
        resolve(actor=desk.person, comment=found, now=now)
    elif action == "verify":
        if not rights.verify:
            raise PermissionDenied
        _verify(request, desk.person, answers_of(dossier).get(item))
    elif action == "story":
        _tell_story(request, desk.person, rights.write, answers_of(dossier).get(item))
    else:
        form = RemarkForm(request.POST)
        if form.is_valid():
            comment(author=desk.person, dossier=dossier, item=item, text=form.cleaned_data["text"], now=now)
        else:
            messages.error(request, _("Write something first."))
    return redirect("dossiers:answer", pk, item)


@permission("dossiers.view")
def answer_history(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    """Show the versions of an item, and what each changed."""
    dossier, instrument, _rights = dossier_or_404(desk_of(request), pk)
    asked = item_or_404(dossier, instrument, item)
    stored = answers_of(dossier).get(item)
    versions = list(stored.versions.select_related("changed_by")) if stored else []
    before = [*(_whole(asked, one.texts) for one in versions[1:]), ""]
    older, newer = (_version(versions, request.GET.get(name)) for name in ("dari", "ke"))
    context = {
        "dossier": dossier,
        "item": asked,
        "label": spoken(asked.label),
        "rows": [
            (one, list(pieces(old, _whole(asked, one.texts))))
            for one, old in zip(versions, before, strict=True)
        ]
        if versions
        else [],
        "versions": versions,
        "older": older,
        "newer": newer,
        "compared": list(pieces(_whole(asked, older.texts), _whole(asked, newer.texts)))
        if older and newer
        else None,
    }
    return render(request, "dossiers/history.html", context)


def _others_here(desk: Desk, dossier: Dossier, item: str) -> str:
    """Note that the person is here, and say who else is; empty when nobody is."""
    others = note_presence(person=desk.person, dossier=dossier, item=item, now=timezone.now())
    names = ", ".join(str(one) for one in others)
    return (
        _("Also has this item open: %s. What both write is kept; nothing is overwritten.") % names
        if names
        else ""
    )


def _version(versions: Sequence[AnswerVersion], number: str | None) -> AnswerVersion | None:
    return next((one for one in versions if str(one.number) == number), None)


def _saved(desk: Desk, dossier: Dossier, item: str, form: AnswerForm) -> DossierAnswer:
    return save_answer(
        actor=desk.person,
        dossier=dossier,
        item=item,
        texts=form.texts(),
        version=form.cleaned_data["version"],
        now=timezone.now(),
        proof=form.proven_by(),
    )


def _form(dossier: Dossier, asked: FormItem, stored: DossierAnswer | None, data: Any, on: date) -> AnswerForm:
    texts = stored.texts if stored else {}
    initial = {f"text-{name}": texts.get(name, "") for name, _part in parts_of(asked)}
    initial |= {"version": stored.version if stored else 0, "proof": stored.proof if stored else []}
    evidence = [(one.pk, evidence_label(asked, one, on)) for one in evidence_of(dossier.innovation)]
    return AnswerForm(data, item=asked, evidence=evidence, initial=initial)


def _about(
    desk: Desk, dossier: Dossier, instrument: Instrument, asked: FormItem, stored: DossierAnswer | None
) -> dict[str, Any]:
    items = form_items(instrument, dossier.group)
    at = [one.id for one in items].index(asked.id)
    told = story_of(dossier.innovation)
    blocks = blocks_of(instrument.id, asked.id)
    limit = asked.max_words.at(desk.today).value if isinstance(asked, TextItem) else None
    return {
        "dossier": dossier,
        "innovation": dossier.innovation,
        "title": spoken(instrument.title),
        "item": asked,
        "label": spoken(asked.label),
        "guidance": spoken(asked.guidance) if asked.guidance else "",
        "stored": stored,
        "limit": limit,
        "is_text": isinstance(asked, TextItem),
        "asks": [spoken(one.label) for one in asked.evidence],
        "words": count_words("\n".join(stored.texts.values())) if stored else 0,
        "blocks": [(block, told.get(block)) for block in blocks],
        "takes_back": len(blocks) == 1 and stored is not None and not stored.from_story,
        "proof": list(vault(desk.person, desk.tree).filter(pk__in=stored.proof)) if stored else [],
        "comments": list(comments_on(dossier, asked.id)),
        "remark": RemarkForm(),
        "before": items[at - 1] if at else None,
        "after": items[at + 1] if at + 1 < len(items) else None,
    }


def _merged(asked: FormItem, stale: StaleText, form: AnswerForm) -> list[tuple[str, list[Any]]]:
    mine = form.texts()
    return [
        (spoken(part.label), list(pieces(_shown(asked, name, stale.stored), _shown(asked, name, mine))))
        for name, part in parts_of(asked)
    ]


def _verify(request: HttpRequest, person: Any, stored: DossierAnswer | None) -> None:
    if stored is None:
        raise Http404
    seen = _key(request.POST.get("version"))
    try:
        verify_answer(
            actor=person, answer=stored, version=seen, proof=_seen_proof(request), now=timezone.now()
        )
    except (DossierRefused, StaleText) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Checked. With the next change it is to be checked again."))


def _seen_proof(request: HttpRequest) -> dict[int, int]:
    """Return the evidence that the person looked at with its versions, from texts such as “12:3”."""
    pairs = (text.partition(":") for text in request.POST.getlist("proof"))
    return {_key(key): _key(version) for key, _colon, version in pairs}


def _tell_story(request: HttpRequest, person: Any, may: bool, stored: DossierAnswer | None) -> None:
    if not may or stored is None:
        raise Http404
    try:
        take_into_story(actor=person, answer=stored, now=timezone.now())
    except (DossierRefused, StaleText) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The story now says it as this dossier does."))


def _whole(asked: FormItem, texts: dict[str, str]) -> str:
    return "\n\n".join(_shown(asked, name, texts) for name, text in texts.items() if text)


def _shown(asked: FormItem, name: str, texts: Mapping[str, str]) -> str:
    """Return what stands in a place; a level in its words."""
    text = texts.get(name, "")
    return dict(levels_of(asked)).get(text, text) if isinstance(asked, ChoiceItem) else text


def _key(text: str | None) -> int:
    if text is None or not text.isdecimal() or len(text) > 18:  # longer is no key of a row
        raise Http404
    return int(text)
