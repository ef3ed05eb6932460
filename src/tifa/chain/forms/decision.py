"""Ortal's decision on one innovation."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.chain.choices import ANSWERS, NEEDS_DUE, NEEDS_LETTER, NEEDS_REASON, NEXT_STEPS, FailedAt, Step
from tifa.chain.forms.evidence import KeptFileField, kept_file, upload_field
from tifa.chain.models import HandOff
from tifa.chain.selectors.handoffs import meanwhile, too_early
from tifa.core.forms import PlainTextField, day_field
from tifa.core.models import StoredFile
from tifa.dossiers.choices import Award
from tifa.dossiers.models import Dossier

# Which further fields a step may have; what was typed for another step is left out.
TAKES: Mapping[str, frozenset[Step]] = {
    "because": frozenset({Step.HELD}),
    "reason": NEEDS_REASON,
    "due": NEEDS_DUE | {Step.RETURNED, Step.FORWARDED},
    "letter_number": NEEDS_LETTER | {Step.RECEIVED},
    "receipt_upload": frozenset({Step.FORWARDED, Step.RECEIVED}),
    "dossier": frozenset({Step.FORWARDED}),
    "failed_at": frozenset({Step.REJECTED}),
    "score": ANSWERS,
    "award": frozenset({Step.AWARDED}),
    "about": ANSWERS,
}
# What a reason should tell, by the step that needs one.
REASON_HINTS: Mapping[Step, Any] = {
    Step.RETURNED: gettext_lazy("what is missing and how to mend it; the unit reads it"),
    Step.HELD: gettext_lazy("why it is not forwarded now and what it waits for"),
    Step.REJECTED: gettext_lazy("what the ministry gave as its reason"),
}
DECISION_NAMES = (
    "step",
    "on",
    "because",
    "reason",
    "due",
    "letter_number",
    "dossier",
    "failed_at",
    "score",
    "award",
    "about",
    "receipt_file",
    "seen",
)


class DecisionForm(forms.Form):
    """The next step with its date, reason, due date, letter and receipt."""

    step = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a decision."),
            "invalid_choice": gettext_lazy("This cannot follow the last step. Choose one of the list."),
        },
    )
    on = day_field(gettext_lazy("Date"), required=True)
    because = forms.ChoiceField(label=gettext_lazy("Why it is held back"), required=False)
    reason = PlainTextField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    due = day_field(gettext_lazy("Due"), gettext_lazy("Until when the next step has to be taken."))
    letter_number = PlainTextField(label=gettext_lazy("Letter number"), required=False, max_length=100)
    dossier = forms.ChoiceField(
        label=gettext_lazy("Dossier that goes out"),
        required=False,
        help_text=gettext_lazy(
            "It is kept as it is now, with a PDF that can be checked; nobody changes it afterwards."
        ),
    )
    about = forms.ChoiceField(
        label=gettext_lazy("What the ministry answers to"),
        required=False,
        help_text=gettext_lazy("An answer to an older sending leaves the innovation where it stands now."),
    )
    failed_at = forms.ChoiceField(
        label=gettext_lazy("Where it ended"),
        required=False,
        choices=[("", gettext_lazy("not said")), *FailedAt.choices],
    )
    score = forms.DecimalField(
        label=gettext_lazy("Score that the ministry gave"),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=4,
        localize=True,
        help_text=gettext_lazy("As it was told, on its own scale; leave it empty while nobody told it."),
    )
    award = forms.ChoiceField(
        label=gettext_lazy("Award"),
        required=False,
        choices=[("", gettext_lazy("another, named in no edition")), *Award.choices],
        help_text=gettext_lazy("It goes into the earlier awards, for which later editions ask."),
    )
    receipt_upload = upload_field(gettext_lazy("Receipt"))
    receipt_file = KeptFileField()
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False
    shows_when = {name: f"step={'|'.join(sorted(steps))}" for name, steps in TAKES.items()}

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        steps: Collection[Step],
        last: HandOff | None,
        files: QuerySet[StoredFile],
        today: date,
        reasons: Sequence[str] = (),
        dossiers: Sequence[tuple[Dossier, str]] = (),
        older: Mapping[int, HandOff] | None = None,
    ) -> None:
        seen = last.pk if last else None
        ready = {str(one.pk): one for one, _title in dossiers}
        super().__init__(data, initial={"on": today, "seen": seen, "dossier": next(iter(ready), "")})
        self.last, self.kept, self.today, self.ready = last, files, today, ready
        if ready:
            goes_out = self.fields["dossier"]
            if isinstance(goes_out, forms.ChoiceField):
                goes_out.choices = [
                    *((str(one.pk), title) for one, title in dossiers),
                    ("", _("none of these")),
                ]
        else:
            del self.fields["dossier"]
        self.older = older or {}
        self._offer_older()
        field = self.fields["step"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(step.value, step.label) for step in steps]
        because = self.fields["because"]
        if isinstance(because, forms.ChoiceField):
            because.choices = [("", _("Other: say which below")), *((name, name) for name in reasons)]
        self.fields["reason"].help_text = _reason_hint(steps)

    def _offer_older(self) -> None:
        """Offer the older sendings to which an answer may belong; without one nobody is asked."""
        about = self.fields["about"]
        if not self.older:
            del self.fields["about"]
        elif isinstance(about, forms.ChoiceField):
            now = (
                [("", _("the newest sending"))]
                if self.last and set(NEXT_STEPS[Step(self.last.step)]) & ANSWERS
                else []
            )
            about.choices = [*now, *((str(key), _sending(one)) for key, one in self.older.items())]

    @property
    def file(self) -> StoredFile | None:
        """Return the receipt that is kept so far."""
        try:
            return kept_file(str(self["receipt_file"].value() or ""), self.kept)
        except forms.ValidationError:
            return None

    def clean_on(self) -> date:
        """Refuse a day that has not come, or that lies before the last step."""
        day: date = self.cleaned_data["on"]
        # The field “about” is not clean yet; what it holds must be one of its choices to count.
        before = self.older.get(_key(self.data.get("about")), self.last) if self._answers() else self.last
        if before and day < before.on:
            raise forms.ValidationError(too_early(before))
        if day > self.today:
            raise forms.ValidationError(_("This day lies in the future. Give the day on which it happened."))
        return day

    def clean_receipt_file(self) -> StoredFile | None:
        """Return the receipt itself."""
        return kept_file(self.cleaned_data["receipt_file"], self.kept)

    def clean(self) -> dict[str, Any]:
        """Say what the chosen step still needs."""
        said = self.cleaned_data
        if said.get("seen") != (self.last.pk if self.last else None):
            raise forms.ValidationError(meanwhile(self.last))
        step = said.get("step")
        if step:
            self._clean_step(Step(step))
        return said

    def decision(self) -> dict[str, Any]:
        """Return the step with what belongs to it."""
        said = self.cleaned_data
        step = Step(said["step"])
        chosen = {name: said.get(name) for name, steps in TAKES.items() if step in steps}
        receipt = said.get("receipt_file") if step in TAKES["receipt_upload"] else None
        return {
            "step": step,
            "on": said["on"],
            "reason": _joined(chosen.get("because") or "", chosen.get("reason") or ""),
            "due": chosen.get("due"),
            "letter_number": chosen.get("letter_number") or "",
            "receipt": receipt,
            "dossier": self.ready.get(chosen.get("dossier") or ""),
            "failed_at": chosen.get("failed_at") or "",
            "score": chosen.get("score"),
            "award": chosen.get("award") or "",
            "about": _key(chosen.get("about")) if chosen.get("about") else None,
        }

    def _answers(self) -> bool:
        return self.data.get("step") in ANSWERS

    def _clean_step(self, step: Step) -> None:
        said = self.cleaned_data
        before = self.older.get(_key(said.get("about")), self.last)
        if step in ANSWERS and before and step not in NEXT_STEPS[Step(before.step)]:
            self.add_error(
                "about" if self.older else "step",
                _("“%(new)s” cannot follow “%(old)s”.")
                % {"new": step.label, "old": before.get_step_display()},
            )
        named = said.get("because") if step in TAKES["because"] else ""
        if step in NEEDS_REASON and not named and not said.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("“%(step)s” needs a reason.") % {"step": step.label})
        if step in NEEDS_DUE and not said.get("due") and "due" not in self.errors:
            self.add_error("due", _("“%(step)s” needs a date until which it holds.") % {"step": step.label})
        if step in NEEDS_LETTER and not said.get("letter_number"):
            self.add_error(
                "letter_number", _("“%(step)s” needs the number of the letter.") % {"step": step.label}
            )
        day, due = said.get("on"), said.get("due")
        if step in TAKES["due"] and day and due and due < day:
            self.add_error("due", _("The due date lies before the date of the step."))


class BulkDecisionForm(DecisionForm):
    """One decision on many innovations: no receipt, and what each last saw stands beside it."""

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, last=None, files=StoredFile.objects.none(), **options)
        for name in ("receipt_upload", "receipt_file", "failed_at", "score", "award"):
            del self.fields[name]


def _key(value: str | None) -> int:
    """Return the key of a sending, -1 for what is none."""
    return int(value) if value and value.isascii() and value.isdigit() else -1


def _sending(last: HandOff) -> str:
    """Return an older sending in words: its edition, and how far it came."""
    edition = last.sent.dossier.instrument_id if last.sent else _("without a dossier")
    return f"{edition}: {last.get_step_display()}, {date_format(last.on, 'j F Y')}"


def _joined(named: str, text: str) -> str:
    """Return the reason from the list and what was written to it as one text, which keeps both words."""
    return ": ".join(part for part in (named, text) if part)


def _reason_hint(steps: Collection[Step]) -> str:
    hints = [(step, hint) for step, hint in REASON_HINTS.items() if step in steps]
    return " ".join(
        _("For “%(step)s”: %(hint)s.") % {"step": step.label, "hint": hint} for step, hint in hints
    )
