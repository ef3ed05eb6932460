"""Speaks the texts of an instrument in the language of the reader."""

from django.utils.translation import get_language

from tifa.instruments.schema import Label


def spoken(label: Label | None) -> str:
    """Return a text of an instrument in the language of the reader; empty when there is none."""
    if label is None:
        return ""
    return label.en if (get_language() or "").startswith("en") else label.id
