"""Addresses of people and units in the workspace."""

from django.urls import path, re_path

from tifa.organisation.views import people, units

app_name = "organisation"

urlpatterns = [
    path("orang/", people.people_list, name="people_list"),
    path("orang/baru/", people.person_create, name="person_create"),
    path("orang/<int:pk>/", people.person_edit, name="person_edit"),
    path("orang/<int:pk>/peran/", people.role_grant, name="role_grant"),
    path("orang/<int:pk>/peran/<int:membership_pk>/cabut/", people.role_revoke, name="role_revoke"),
    path("orang/<int:pk>/tautan/", people.password_link, name="password_link"),
    path("unit/", units.unit_list, name="unit_list"),
    re_path(r"^unit/(?P<code>[\w.\-/]+)/$", units.unit_detail, name="unit_detail"),
]
