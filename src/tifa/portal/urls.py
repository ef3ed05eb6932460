"""Addresses of the public pages and of the start page."""

from django.urls import path, re_path

from tifa.portal.views import (
    catalogue,
    funnel,
    innovation,
    pages,
    results,
    selfcheck,
    services,
    standards,
    start,
)

app_name = "portal"

# Codes may hold dots and slashes, as the codes of units do.
CODE = r"(?P<code>[\w.\-/]+)"

urlpatterns = [
    path("", catalogue.catalogue, name="catalogue"),
    re_path(r"^katalog\.(?P<fmt>xlsx|csv)$", catalogue.catalogue_export, name="catalogue_export"),
    re_path(rf"^inovasi/{CODE}/$", innovation.innovation, name="innovation"),
    path("standar/", standards.standards, name="standards"),
    re_path(
        r"^standar/(?P<instrument_id>[\w\-]+)\.(?P<fmt>yaml|json|pdf)$",
        standards.standard_download,
        name="standard_download",
    ),
    path("standar/<slug:instrument_id>/", standards.standard, name="standard"),
    path("standar/<slug:instrument_id>/periksa/", selfcheck.self_check, name="self_check"),
    path("layanan/", services.services, name="services"),
    path("layanan/<int:pk>/", services.service, name="service"),
    path("layanan/<int:pk>/lembar.pdf", services.service_sheet, name="service_sheet"),
    path("hasil/", results.results, name="results"),
    path("hasil/kunci-publik.pem", results.result_key, name="result_key"),
    re_path(
        rf"^hasil/{CODE}/terbitan/(?P<key>\d{{1,18}})/data\.(?P<fmt>json|csv|xlsx|zip)$",
        results.result_download,
        name="result_past_download",
    ),
    re_path(rf"^hasil/{CODE}/terbitan/(?P<key>\d{{1,18}})/$", results.result, name="result_past"),
    re_path(
        rf"^hasil/{CODE}/data\.(?P<fmt>json|csv|xlsx|zip)$", results.result_download, name="result_download"
    ),
    re_path(rf"^hasil/{CODE}/$", results.result, name="result"),
    path("corong/", funnel.funnel, name="funnel"),
    path("alur/", funnel.flow, name="flow"),
    path("corong/data.json", funnel.funnel_download, name="funnel_download"),
    re_path(rf"^corong/{CODE}/$", funnel.funnel_unit, name="funnel_unit"),
    path("periksa/<slug:code>/", pages.sent, name="sent"),
    path("panduan/", pages.guide, name="guide"),
    path("aksesibilitas/", pages.accessibility, name="accessibility"),
    path("privasi/", pages.privacy, name="privacy"),
    path("data-terbuka/", pages.open_data, name="open_data"),
    path("ruang/", start.start, name="start"),
]
