"""The page of all components, for whoever builds pages; only in development."""

from dataclasses import dataclass

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tifa.core.permissions import public

CHOICES = [("lengkap", "Lengkap"), ("perbaikan", "Perlu perbaikan"), ("ditolak", "Ditolak")]
FUNCTIONS = [("pelayanan", "Pelayanan"), ("pengaturan", "Pengaturan"), ("pengawasan", "Pengawasan")]


class SpecimenForm(forms.Form):
    """One field of every kind."""

    shows_when = {"reason": "result=perbaikan|ditolak"}

    title = forms.CharField(
        label="Judul inovasi", help_text="Nama yang dipakai warga, paling banyak 100 huruf."
    )
    result = forms.ChoiceField(label="Hasil pemeriksaan", choices=CHOICES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Alasan",
        help_text="Dibaca oleh operator perangkat daerah.",
        min_length=20,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    functions = forms.MultipleChoiceField(
        label="Fungsi pemerintahan", choices=FUNCTIONS, widget=forms.CheckboxSelectMultiple, required=False
    )
    unit = forms.ChoiceField(label="Perangkat daerah", choices=[("", "Pilih"), ("1", "Dinas Kesehatan")])
    due = forms.DateField(
        label="Tenggat perbaikan",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    score = forms.DecimalField(label="Nilai", required=False, help_text="0 sampai 100.")
    evidence = forms.FileField(label="Bukti dukung", required=False)
    confirmed = forms.BooleanField(label="Data ini sudah diperiksa kepala unit")


@dataclass(frozen=True)
class FunnelRow:
    """One step of the specimen funnel."""

    label: str
    count: int
    percent: int | None = None
    sentence: str = ""
    url: str = ""
    worst: bool = False


FUNNEL = [
    FunnelRow("Diketahui", 320, url="#corong"),
    FunnelRow("Dilaporkan", 241, 75),
    FunnelRow("Diverifikasi", 188, 78),
    FunnelRow("Dipilih", 84, 45),
    FunnelRow("Diteruskan", 37, 44, "47 inovasi sudah dipilih tetapi belum diteruskan.", worst=True),
]


@public
def components(request: HttpRequest) -> HttpResponse:
    """Show every component with specimen texts."""
    empty = SpecimenForm(prefix="contoh")
    wrong = SpecimenForm({"reason": "Bukti kurang", "result": "perbaikan"})
    page = Paginator(range(240), 10).get_page(request.GET.get("page", 3))
    context = {
        "empty": empty,
        "wrong": wrong,
        "page_obj": page,
        "funnel": FUNNEL,
        "tones": ["ok", "wait", "warn", "bad", "neutral", "info"],
        "inputs": [("Jumlah nilai", "271,2"), ("Jumlah penilai", 3), ("Catatan", None)],
        "crumbs": [("/", "Katalog"), ("/", "Hasil")],
    }
    return render(request, "core/components.html", context)
