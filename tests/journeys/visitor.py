"""Somebody in front of a browser: what they look for by its words, do, see and take along."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Self

from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override
from playwright.sync_api import Locator, Page, ViewportSize, expect
from pypdf import PdfWriter

from tests.browser import DESKTOP, PASSWORD, PHONE
from tifa.organisation.models import Person

FIELDS = "input, select, textarea"


@dataclass(frozen=True)
class Device:
    """What somebody holds in their hands, the language that they chose, and whether scripts run."""

    name: str
    size: ViewportSize
    language: str
    scripts: bool = True

    def __str__(self) -> str:
        return self.name


PHONE_ID = Device("phone", PHONE, "id")
DESKTOP_EN = Device("desktop", DESKTOP, "en")
PHONE_WITHOUT_SCRIPTS = Device("phone-without-scripts", PHONE, "id", scripts=False)
DESKTOP_WITHOUT_SCRIPTS = Device("desktop-without-scripts", DESKTOP, "en", scripts=False)

Visit = Callable[..., "Visitor"]


class Visitor:
    """One window. Words are given in English and looked for in the language of the device."""

    def __init__(self, page: Page, device: Device, address: str) -> None:
        self.page, self.device, self.address = page, device, address

    def said(self, text: str, **values: object) -> str:
        """Return a message of the interface as this visitor reads it."""
        with override(self.device.language):
            return gettext(text) % values if values else gettext(text)

    def counted(self, one: str, many: str, count: int, **values: object) -> str:
        """Return a message that depends on a number."""
        with override(self.device.language):
            return ngettext(one, many, count) % {"count": count, **values}

    # Going somewhere

    def goes_to(self, path: str) -> Self:
        self.page.goto(self.address + path)
        return self

    def signs_in(self, person: Person) -> Self:
        self.goes_to("/akun/masuk/")
        self.field("Email").fill(person.email)
        self.field("Password").fill(PASSWORD)
        self.presses("Sign in")
        self.page.wait_for_url(f"{self.address}/ruang/")
        return self

    def stays_signed_in(self, person: Person) -> Self:
        """Begin at the start page, with a session from before."""
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        self.page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.address}])
        return self.goes_to("/ruang/")

    def follows(self, text: str) -> Self:
        """Follow the first link of these words; titles of innovations and rounds are the same in all languages."""
        self.page.get_by_role("link", name=self.said(text)).first.click()
        return self

    def walks_to(self, place: str) -> Self:
        """Follow a link of the main navigation."""
        name = re.compile(rf"^{re.escape(self.said(place))}( \d+)?$")
        self.page.get_by_role("navigation").get_by_role("link", name=name).first.click()
        return self

    def presses(self, text: str) -> Self:
        self.page.get_by_role("button", name=self.said(text)).locator("visible=true").last.click()
        return self

    # Filling in

    def field(self, label: str, **values: object) -> Locator:
        """Return the field of a label, whether or not the label says that it is optional."""
        words = re.compile(rf"^{re.escape(self.said(label, **values))}( \(|$)", re.IGNORECASE)
        return self.page.get_by_label(words).and_(self.page.locator(FIELDS))

    def fills(self, label: str, text: str | date) -> Self:
        self.field(label).fill(text if isinstance(text, str) else text.isoformat())
        return self

    def picks(self, label: str, option: str) -> Self:
        """Choose from a list box; the names of units stand with their code or number, so a part is enough."""
        box = self.field(label)
        words = self.said(option)
        box.select_option(value=box.locator("option", has_text=words).first.get_attribute("value"))
        return self

    def chooses(self, question: str, answer: str) -> Self:
        """Choose one of several round or square buttons under a question."""
        group = self.page.get_by_role("group", name=re.compile(rf"^{re.escape(self.said(question))}"))
        words = re.compile(rf"^{re.escape(self.said(answer))}")
        group.get_by_role("radio", name=words).or_(group.get_by_role("checkbox", name=words)).check()
        return self

    def opens_the_filter(self) -> Self:
        """Unfold the filter, which is folded on a phone and wherever scripts do not run."""
        panel = self.page.locator("details.filters")
        if panel.get_attribute("open") is None:
            panel.locator("summary").click()
        return self

    # Seeing

    def reads(self, *texts: str) -> Self:
        """Wait until every text is seen."""
        for text in texts:
            expect(self.page.get_by_text(self.said(text)).locator("visible=true").first).to_be_visible()
        return self

    def reads_the_heading(self, text: str) -> Self:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(self.said(text))
        return self

    def does_not_read(self, *texts: str) -> Self:
        for text in texts:
            expect(self.page.get_by_text(self.said(text))).to_have_count(0)
        return self

    def row(self, text: str) -> Locator:
        """Return the row of a table that holds a text."""
        return self.page.get_by_role("row").filter(has_text=text)

    def waits_until_saved(self) -> Self:
        """Wait for the page to say that what was typed is stored."""
        status = self.page.locator("[data-autosave-status]")
        expect(status).to_contain_text(self.said("Saved at {time}.").split("{")[0])
        return self

    # Taking along

    def takes(self, text: str, *, part: Locator | None = None) -> Path:
        """Download the file behind a link."""
        link = (part or self.page).get_by_role("link", name=self.said(text)).last
        with self.page.expect_download() as found:
            link.click()
        assert found.value.failure() is None
        return Path(found.value.path())


def today() -> date:
    return timezone.localdate()


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def pdf_file(name: str) -> Any:
    """Return a small document that somebody attaches."""
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    buffer = BytesIO()
    writer.write(buffer)
    return {"name": name, "mimeType": "application/pdf", "buffer": buffer.getvalue()}
