"""The pages of text."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import Town
from tests.whole.html import faults_of


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("guide", "Guide"),
        ("accessibility", "Accessibility statement"),
        ("privacy", "Protection of personal data"),
        ("open_data", "Open data"),
    ],
)
def test_page_opens_for_everybody(visitor: Client, town: Town, name: str, heading: str) -> None:
    page = visitor.get(reverse(f"portal:{name}")).content.decode()

    assert f"<h1>{heading}</h1>" in page
    assert faults_of(page) == []


def test_open_data_lists_the_downloads(visitor: Client, town: Town) -> None:
    page = visitor.get(reverse("portal:open_data")).content.decode()

    for name, args in (
        ("catalogue_export", ["xlsx"]),
        ("catalogue_export", ["csv"]),
        ("standard_download", ["kipp-2023", "yaml"]),
        ("standard_download", ["kipp-2023", "json"]),
    ):
        assert reverse(f"portal:{name}", args=args) in page
    assert "No ranking is published yet." in page
