"""A survey from the catalogue to the index: prepared at a desk, answered on a phone without scripts, closed."""

from datetime import timedelta

from tests.browser import needs_chromium, sideways
from tests.factories import Town
from tests.journeys.visitor import DESKTOP_EN, PHONE_WITHOUT_SCRIPTS, Visit, today
from tests.standards.making import make_service
from tests.surveys.making import answered
from tifa.organisation.models import Person
from tifa.surveys.models import Counter, Response

pytestmark = needs_chromium

SERVICE = "Imunisasi anak"


def test_from_preparing_to_the_index(visit: Visit, town: Town, ortal: Person) -> None:
    make_service(ortal, town.puskesmas, SERVICE)
    desk = visit(DESKTOP_EN, ortal).walks_to("Surveys").follows("Prepare a survey")
    desk.fills("Name", "Survei semester").fills("First day", today())
    desk.fills("Last day", today() + timedelta(days=30)).presses("Prepare")
    desk.chooses("Services", SERVICE).presses("Ask about these").reads(SERVICE)
    assert desk.takes("Code (PDF)").read_bytes().startswith(b"%PDF")
    counter = Counter.objects.get()

    citizen = visit(PHONE_WITHOUT_SCRIPTS).goes_to(f"/survei/{counter.code}/").reads_the_heading(SERVICE)
    assert sideways(citizen.page) == 0
    citizen.presses("Send").reads("Nothing is answered yet. Choose at least one answer.")
    for question in citizen.page.locator("fieldset").all()[:8]:
        question.get_by_role("radio").nth(3).check()
    citizen.presses("Send").reads_the_heading("Thank you")
    assert Response.objects.get().answers == "44444444-"

    answered(counter, 3, times=11, given_on=today(), today=today())
    desk.page.reload()
    desk.reads("too few to show").presses("Close it").reads("The survey is closed. All answers count now.")
    desk.reads("76.85")
    citizen.goes_to(f"/survei/{counter.code}/").reads_the_heading("No answers are taken now")
