"""Every page in a real browser: no axe finding, no sideways scroll, nothing broken, no error of script or policy."""

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from tests.browser import DESKTOP, PHONE, needs_chromium, sideways
from tests.factories import make_innovation, walk_chain
from tests.whole.test_routes import ROUTES, address, permission_of
from tests.whole.world import DAY, World, build_world
from tifa.chain.choices import Step
from tifa.core.permissions import PUBLIC
from tifa.organisation.models import Person, Unit
from tifa.registry.models import Innovation

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

# Whoever sees most comes first; each page is looked at as the first of these who may open it.
FEWEST_PAGES = 40
VIEWERS = ("ortal", "operator", "judge", "administrator", "auditor", "leader")


LAPTOP: ViewportSize = {"width": 1024, "height": 900}
OVERFLOW = "wraps => wraps.map(wrap => wrap.scrollWidth - wrap.clientWidth)"
# What a cell shows, text included, begins right of the label that floats before it.
UNDER_LABELS = """cells => cells.flatMap(cell => {
    const left = cell.getBoundingClientRect().left + parseFloat(getComputedStyle(cell).paddingLeft);
    const range = document.createRange();
    range.selectNodeContents(cell);
    const wrong = [...range.getClientRects()].some(box => box.width > 0 && box.left < left - 1);
    return wrong || left < 40 ? [cell.dataset.label] : [];
})"""
BROKEN_WORDS = r"""labels => labels.flatMap(label => [...label.firstChild.textContent.matchAll(/\S+/g)].filter(word => {
    const range = document.createRange();
    range.setStart(label.firstChild, word.index);
    range.setEnd(label.firstChild, word.index + word[0].length);
    return range.getClientRects().length > 1;
}).map(String))"""


def pages(world: World) -> dict[str | None, list[str]]:
    """Return the addresses that give a page, by who looks at them."""
    found: dict[str | None, list[str]] = {viewer: [] for viewer in (*VIEWERS, None)}
    clients = {viewer: Client() for viewer in (*VIEWERS, None)}
    for viewer, client in clients.items():
        if viewer:
            client.force_login(world.people[viewer], backend="django.contrib.auth.backends.ModelBackend")
    for name, pattern in ROUTES.items():
        target = address(name, world)
        for viewer in (None,) if permission_of(pattern) == PUBLIC else VIEWERS:
            response = clients[viewer].get(target)
            if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                if "<html" in response.content.decode():
                    found[viewer].append(target)
                break
    found[None].append("/akun/masuk/")
    for viewer in VIEWERS[1:]:
        found[viewer].append("/ruang/")
    assert sum(len(targets) for targets in found.values()) > FEWEST_PAGES
    return found


def open_as(
    browser: Browser,
    server: LiveServer,
    person: Person | None,
    size: ViewportSize,
    *,
    bypass_csp: bool = False,
) -> Page:
    """Open a window that is signed in as a person; axe brings a script of its own, which the policy forbids."""
    context = browser.new_context(viewport=size, bypass_csp=bypass_csp)
    if person is not None:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
    return context.new_page()


def test_pages_are_accessible_and_fit_a_phone(browser: Browser, live_server: LiveServer) -> None:
    world = build_world()
    axe = Axe()
    faults = []
    for viewer, targets in pages(world).items():
        page = open_as(browser, live_server, world.people[viewer] if viewer else None, PHONE, bypass_csp=True)
        for target in targets:
            page.goto(live_server.url + target)
            faults += [
                f"{target}: {one['id']} {one['nodes'][0]['target']}"
                for one in axe.run(page).response["violations"]
            ]
            if (over := sideways(page)) > 0:
                faults.append(f"{target}: {over} px wider than the phone")
        page.context.close()

    assert faults == []


def test_pages_and_tables_fit_a_desktop_and_keep_the_content_policy(
    browser: Browser, live_server: LiveServer
) -> None:
    world = build_world()
    _give_long_names(world)
    faults: list[str] = []

    for viewer, targets in pages(world).items():
        page = open_as(browser, live_server, world.people[viewer] if viewer else None, DESKTOP)
        _listen(page, faults)
        for target in targets:
            page.goto(live_server.url + target)
            for size in (DESKTOP, LAPTOP):
                page.set_viewport_size(size)
                faults += [f"{target} at {size['width']}: {one}" for one in _too_wide(page)]
        page.context.close()

    assert faults == []


def test_values_stand_beside_their_labels_on_a_phone(browser: Browser, live_server: LiveServer) -> None:
    world = build_world()
    page = open_as(browser, live_server, world.people["ortal"], PHONE)
    for name in ("chain:gaps", "chain:innovation_list", "chain:coverage", "evaluation:round_detail"):
        page.goto(live_server.url + address(name, world))

        assert page.locator("td[data-label]").count() > 1, name
        assert page.locator("td[data-label]").evaluate_all(UNDER_LABELS) == [], name
        if name == "chain:gaps":
            holder = page.locator("td[data-label]", has_text="Ortal").first
            assert holder.get_attribute("data-label") == "Siapa yang harus bertindak"
    page.context.close()


def test_words_of_a_choice_are_not_broken(browser: Browser, live_server: LiveServer) -> None:
    world = build_world()
    waiting = walk_chain(make_innovation(world.town.puskesmas), (Step.REPORTED, DAY))
    for size in (PHONE, LAPTOP, DESKTOP):
        page = open_as(browser, live_server, world.people["ortal"], size)
        page.goto(live_server.url + waiting.get_absolute_url())

        assert page.get_by_role("radio", name="Dikembalikan").is_visible()
        assert page.locator(".choices .choice span").evaluate_all(BROKEN_WORDS) == []
        page.context.close()


def test_last_crumb_and_last_card_do_not_dangle(browser: Browser, live_server: LiveServer) -> None:
    world = build_world()
    page = open_as(browser, live_server, world.people["ortal"], LAPTOP)
    page.goto(live_server.url + world.published.get_absolute_url())
    after = "crumb => getComputedStyle(crumb, '::after').content"

    assert page.locator(".crumbs li").last.evaluate(after) == "none"
    for name, lines in (("portal:start", 2), ("chain:gaps", 1), ("chain:coverage", 1)):
        page.goto(live_server.url + address(name, world))
        tops = page.locator(".stats > *").evaluate_all("cards => cards.map(card => card.offsetTop)")
        assert len(set(tops)) == lines, name
        assert tops.count(tops[0]) == tops.count(tops[-1]), name
    page.context.close()


def test_what_is_searched_for_can_be_read(browser: Browser, live_server: LiveServer) -> None:
    page = open_as(browser, live_server, None, DESKTOP)
    page.goto(live_server.url + "/?q=perahu")

    ink, paper = page.get_by_role("searchbox").evaluate(
        "field => [getComputedStyle(field).color, getComputedStyle(field).backgroundColor]"
    )

    assert (ink, paper) == ("rgb(23, 37, 42)", "rgb(255, 255, 255)")
    page.context.close()


def test_filters_of_the_catalogue_fit_beside_the_list(browser: Browser, live_server: LiveServer) -> None:
    town = build_world().town
    for number in range(20):
        affairs = f"urusan nomor {number} yang namanya panjang sekali"
        walk_chain(make_innovation(town.kampung, affairs=affairs), (Step.REPORTED, DAY), (Step.VERIFIED, DAY))
    page = open_as(browser, live_server, None, DESKTOP)
    page.goto(live_server.url + "/")

    rows = page.get_by_role("group", name="Urusan pemerintahan").locator("label")
    boxes = [rows.nth(n).evaluate("row => [row.offsetTop, row.offsetHeight]") for n in range(rows.count())]
    assert rows.count() > 20
    assert all(above + height <= below for (above, height), (below, _) in pairwise(boxes))
    # The heading is one line, and the whole filter is seen with little scrolling.
    assert page.get_by_role("heading", level=1).evaluate("title => title.getClientRects().length") == 1
    assert page.locator("h1").evaluate("title => title.offsetHeight") < 60
    assert page.locator("#filters").evaluate("form => form.offsetHeight") < 1000
    page.context.close()


def _give_long_names(world: World) -> None:
    name = "Dinas Pengendalian Penduduk, Keluarga Berencana, Pemberdayaan Perempuan, dan Perlindungan Anak"
    Unit.objects.filter(pk=world.town.puskesmas.pk).update(name=name, code="91.71.OPD.DP3AKB.PUSKESMAS")
    Innovation.objects.filter(pk=world.published.pk).update(
        title="Pelayanan administrasi kependudukan keliling bersama kader di kampung-kampung pesisir"
    )


def _too_wide(page: Page) -> list[str]:
    over = sideways(page)
    found = [f"{over} px wider than the window"] if over > 0 else []
    tables = page.locator(".table-wrap").evaluate_all(OVERFLOW)
    return found + [f"a table {over} px wider than its place" for over in tables if over > 0]


def _listen(page: Page, faults: list[str]) -> None:
    page.on("console", lambda message: _note(faults, message))
    page.on("pageerror", lambda error: faults.append(str(error)))


def _note(faults: list[str], message: ConsoleMessage) -> None:
    if message.type == "error":
        faults.append(message.text)
