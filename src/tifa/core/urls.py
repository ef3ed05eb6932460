"""Addresses of the house."""

from django.urls import path

from tifa.core.views import health

app_name = "core"

urlpatterns = [
    path("health", health.health, name="health"),
]
