"""Addresses of services and standards, mounted in the workspace."""

from django.urls import path

from tifa.standards.views import services, standards

app_name = "standards"

urlpatterns = [
    path("layanan/", services.service_list, name="list"),
    path("layanan/data.<slug:fmt>", services.service_export, name="export"),
    path("layanan/tambah/", services.service_add, name="add"),
    path("layanan/langkah/<int:pk>/", services.step_file, name="step_file"),
    path("layanan/<int:pk>/", services.service, name="service"),
    path("layanan/<int:pk>/ubah/", services.service_change, name="change"),
    path("layanan/<int:pk>/standar/mulai/", standards.standard_begin, name="begin"),
    path("layanan/<int:pk>/standar/<int:number>/", standards.standard, name="standard"),
    path("layanan/<int:pk>/standar/<int:number>/simpan/", standards.standard_autosave, name="autosave"),
    path("layanan/<int:pk>/standar/<int:number>/langkah/", standards.standard_step, name="step"),
]
