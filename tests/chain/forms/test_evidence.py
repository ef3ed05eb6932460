"""A link is the address of a web page, and a wrong one is told once."""

import pytest
from django import forms

from tifa.chain.forms.evidence import link_field


@pytest.mark.parametrize(
    "text", ["bukan tautan", "ftp://example.org/a", "https://", "javascript:alert(1)", "http://["]
)
def test_wrong_link_is_told_once(text: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        link_field("Link").clean(text)

    assert refused.value.messages == [
        "This is not a link. Copy the whole address, beginning with https:// or http://."
    ]


@pytest.mark.parametrize(
    ("text", "address"),
    [("https://example.org/a", "https://example.org/a"), ("example.org", "https://example.org"), ("", "")],
)
def test_address_of_a_page_is_taken(text: str, address: str) -> None:
    assert link_field("Link").clean(text) == address
