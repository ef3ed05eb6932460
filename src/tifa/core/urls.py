"""Addresses of the house."""

from django.urls import path

from tifa.core.views import audit, health, kept

app_name = "core"

urlpatterns = [
    path("health", health.health, name="health"),
    path("ruang/kirim-lagi/", kept.resume, name="resume"),
    path("ruang/jejak/", audit.audit, name="audit"),
    path("ruang/jejak/periksa/", audit.audit_verify, name="audit_verify"),
]
