"""Root of the addresses."""

from django.urls import include, path

urlpatterns = [
    path("", include("tifa.core.urls")),
]
