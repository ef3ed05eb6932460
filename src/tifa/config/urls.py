"""Root of the addresses."""

from allauth.account import views as account
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from tifa.core.views.components import components

urlpatterns = [
    path("", include("tifa.portal.urls")),
    path("", include("tifa.core.urls")),
    path("ruang/", include("tifa.organisation.urls")),
    path("ruang/", include("tifa.dossiers.urls")),
    path("ruang/", include("tifa.standards.urls")),
    path("", include("tifa.surveys.urls")),
    path("ruang/", include("tifa.chain.urls")),
    path("ruang/", include("tifa.evaluation.urls")),
    path("ruang/", include("tifa.exchange.urls")),
    path("akun/masuk/", account.login, name="account_login"),
    path("akun/keluar/", account.logout, name="account_logout"),
    path("akun/", include("allauth.urls")),
    path("bahasa/", include("django.conf.urls.i18n")),
    path("teknis/", admin.site.urls),
]

if settings.MODE == "development":
    urlpatterns += [path("_komponen/", components, name="components")]
