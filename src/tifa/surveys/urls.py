"""Addresses of surveys: those of the room, and the one that citizens answer."""

from django.urls import path

from tifa.surveys.views import answers, waves

app_name = "surveys"

urlpatterns = [
    path("ruang/survei/", waves.wave_list, name="list"),
    path("ruang/survei/tambah/", waves.wave_add, name="add"),
    path("ruang/survei/<int:pk>/", waves.wave, name="wave"),
    path("ruang/survei/<int:pk>/tutup/", waves.wave_close, name="close"),
    path("ruang/survei/<int:pk>/loket/<int:counter_pk>/", waves.counter_change, name="counter"),
    path("ruang/survei/<int:pk>/loket/<int:counter_pk>/kode.pdf", waves.counter_poster, name="poster"),
    path("ruang/survei/<int:pk>/loket/<int:counter_pk>/kertas/", waves.counter_paper, name="paper"),
    path("survei/<slug:code>/", answers.answer, name="answer"),
    path("survei/<slug:code>/terima-kasih/", answers.thanks, name="thanks"),
]
