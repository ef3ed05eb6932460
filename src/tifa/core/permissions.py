"""Names the permission of each view, and refuses whoever lacks it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache

from tifa.core import kept

AnyView = TypeVar("AnyView", bound=Callable[..., HttpResponseBase])

PUBLIC = "public"


def permission(name: str) -> Callable[[AnyView], AnyView]:
    """Open a view to people with the permission ``name``; others sign in first, with what they sent, or are refused.

    The name stays on the view as ``permission_name``; a test walks all routes and reads it.
    """

    def decorate(view: AnyView) -> AnyView:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return kept.ask_to_sign_in(request)
            if not request.user.has_perm(name):
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            kept.forget(request)
            return response

        return _named(cast("AnyView", never_cache(guarded)), name)

    return decorate


def public(view: AnyView) -> AnyView:
    """Mark a view as open to everybody."""
    return _named(view, PUBLIC)


def _named(view: AnyView, name: str) -> AnyView:
    view.permission_name = name  # type: ignore[attr-defined]  # read by the test that walks all routes
    return view
