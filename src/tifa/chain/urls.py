"""Addresses of the chain; a code may hold slashes, so it always stands last."""

from django.urls import path

from tifa.chain.views import (
    board,
    brief,
    bulk,
    coverage,
    deadlines,
    finding,
    flow,
    gaps,
    handoff,
    innovation,
    innovations,
    nil,
    publishing,
    report,
)

app_name = "chain"

urlpatterns = [
    path("inovasi/", innovations.innovation_list, name="innovation_list"),
    path("inovasi.<slug:fmt>", innovations.innovation_export, name="innovation_export"),
    path("inovasi/<path:code>/", innovation.innovation_detail, name="innovation_detail"),
    path("putusan/<path:code>/", handoff.handoff_decide, name="handoff_decide"),
    path("surat/<path:code>/", innovation.handoff_letter, name="handoff_letter"),
    path("bukti/<int:pk>/", innovation.evidence_file, name="evidence_file"),
    path("bukti/tambah/<path:code>/", innovation.evidence_add, name="evidence_add"),
    path("tanda-terima/<int:pk>/", innovation.receipt_file, name="receipt_file"),
    path("lapor/", report.report_start, name="report_start"),
    path("lapor/<int:pk>/", report.report_edit, name="report_edit"),
    path("lapor/<int:pk>/simpan/", report.report_autosave, name="report_autosave"),
    path("lapor/<int:pk>/buang/", report.report_discard, name="report_discard"),
    path("lapor/inovasi/<path:code>/", report.report_existing, name="report_existing"),
    path("lapor/nihil/", nil.nil_report, name="nil_report"),
    path("temuan/", finding.finding_create, name="finding_create"),
    path("celah/", gaps.gaps, name="gaps"),
    path("celah.<slug:fmt>", gaps.gaps_export, name="gaps_export"),
    path("celah/laporan.pdf", gaps.gaps_report, name="gaps_report"),
    path("celah/terbitkan/", publishing.ledgers_publish, name="ledgers_publish"),
    path("papan/", board.board, name="board"),
    path("papan/putuskan/", bulk.bulk_decide, name="bulk_decide"),
    path("papan/putusan/<int:pk>/", bulk.batch_detail, name="batch_detail"),
    path("papan/putusan/<int:pk>/batal/", bulk.batch_undo, name="batch_undo"),
    path("pimpinan/", brief.brief, name="brief"),
    path("pimpinan/lembar.pdf", brief.brief_report, name="brief_report"),
    path("alur/", flow.flow, name="flow"),
    path("tenggat/", deadlines.deadlines, name="deadlines"),
    path("tenggat/libur/", deadlines.holiday_list, name="holiday_list"),
    path("tenggat/libur/hapus/", deadlines.holiday_remove, name="holiday_remove"),
    path("tenggat/libur.<slug:fmt>", deadlines.holiday_export, name="holiday_export"),
    path("tenggat/alasan/", deadlines.hold_reason_list, name="hold_reason_list"),
    path("cakupan/", coverage.coverage, name="coverage"),
    path("cakupan.<slug:fmt>", coverage.coverage_export, name="coverage_export"),
]
