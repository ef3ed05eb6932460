"""Addresses of workbooks in and out."""

from django.urls import path

from tifa.exchange.views import exports, imports

app_name = "exchange"
urlpatterns = [
    path("impor/", imports.import_list, name="import_list"),
    path("impor/baru/", imports.import_new, name="import_new"),
    path("impor/<int:pk>/", imports.import_detail, name="import_detail"),
    path("impor/<int:pk>/kemajuan/", imports.import_progress, name="import_progress"),
    path("impor/<int:pk>/ambil/", imports.import_apply, name="import_apply"),
    path("impor/<int:pk>/lanjutkan/", imports.import_resume, name="import_resume"),
    path("impor/<int:pk>/kesalahan.csv", imports.import_errors, name="import_errors"),
    path("ekspor/buku-kerja.xlsx", exports.export_all, name="export_all"),
]
