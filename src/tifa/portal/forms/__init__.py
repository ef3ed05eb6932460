"""What visitors choose and answer."""

from tifa.portal.forms.catalogue import read_choice

__all__ = ["read_choice"]
