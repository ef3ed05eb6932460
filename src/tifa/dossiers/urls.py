"""Addresses of dossiers, mounted in the workspace."""

from django.urls import path

from tifa.dossiers.views import answers, city, deadlines, dossiers, stories

app_name = "dossiers"

urlpatterns = [
    path("berkas/", dossiers.dossier_list, name="list"),
    path("berkas/edisi/<slug:instrument_id>.zip", dossiers.edition_zip, name="edition_zip"),
    path("berkas/edisi/<slug:instrument_id>/tenggat/", deadlines.deadline, name="deadline"),
    path("berkas/kota/<slug:instrument_id>/", city.city, name="city"),
    path("berkas/<int:pk>/", dossiers.dossier, name="dossier"),
    path("berkas/<int:pk>/ubah/", dossiers.dossier_change, name="change"),
    path("berkas/<int:pk>/proposal.<slug:fmt>", dossiers.dossier_export, name="export"),
    path("berkas/<int:pk>/terkirim/<slug:code>.pdf", dossiers.dossier_sent, name="sent"),
    path("berkas/<int:pk>/pernyataan/<slug:kind>.docx", dossiers.dossier_statement, name="statement"),
    path("berkas/<int:pk>/salin/", dossiers.dossier_paste, name="paste"),
    path("berkas/<int:pk>/<slug:item>/", answers.answer, name="answer"),
    path("berkas/<int:pk>/<slug:item>/simpan/", answers.answer_autosave, name="autosave"),
    path("berkas/<int:pk>/<slug:item>/komentar/", answers.answer_comment, name="comment"),
    path("berkas/<int:pk>/<slug:item>/riwayat/", answers.answer_history, name="history"),
    path("cerita/<path:code>/bagian/<slug:block>/", stories.story_edit, name="story_edit"),
    path("cerita/<path:code>/mulai/<slug:instrument_id>/", dossiers.dossier_start, name="start"),
    path("cerita/<path:code>/", stories.innovation_dossiers, name="innovation"),
]
