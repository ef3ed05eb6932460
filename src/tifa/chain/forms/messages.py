"""What a person wants by mail."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from tifa.chain.choices import MessageKind


class MessageSettingsForm(forms.Form):
    """Language, and the kinds that come by mail."""

    language = forms.ChoiceField(label=gettext_lazy("Language of the messages"), choices=settings.LANGUAGES)
    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("By mail I want"),
        required=False,
        choices=MessageKind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What you take away here still stands in your list of messages."),
    )

    use_required_attribute = False

    @property
    def muted(self) -> list[str]:
        """Return the kinds that were taken away."""
        return [kind for kind in MessageKind.values if kind not in self.cleaned_data["wanted"]]
