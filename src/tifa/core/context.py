"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the city's name and the way this installation runs."""
    return {"site": {"city": settings.CITY_NAME, "mode": settings.MODE}}
