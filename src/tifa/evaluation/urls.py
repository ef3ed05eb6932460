"""Addresses of rounds and judging, mounted in the workspace."""

from django.urls import path

from tifa.evaluation.views import (
    dashboard,
    dividing,
    entries,
    exports,
    feedback,
    judging,
    moderation,
    panel,
    reopening,
    result,
    rounds,
    scoresheet,
    states,
    training,
    withdrawing,
)

app_name = "evaluation"

urlpatterns = [
    path("putaran/", rounds.round_list, name="round_list"),
    path("putaran/baru/", rounds.round_create, name="round_create"),
    path("putaran/<int:pk>/", dashboard.round_detail, name="round_detail"),
    path("putaran/<int:pk>/ubah/", rounds.round_edit, name="round_edit"),
    path("putaran/<int:pk>/perubahan/", rounds.round_amend, name="round_amend"),
    path("putaran/<int:pk>/entri/", entries.round_entries, name="round_entries"),
    path("putaran/<int:pk>/penilai/", panel.round_panel, name="round_panel"),
    path("putaran/<int:pk>/konflik/", panel.conflict_list, name="conflict_list"),
    path(
        "putaran/<int:pk>/konflik/<int:conflict_pk>/cabut/", panel.conflict_withdraw, name="conflict_withdraw"
    ),
    path("putaran/<int:pk>/konflik/cari/", panel.conflict_find, name="conflict_find"),
    path(
        "putaran/<int:pk>/penilai/<int:member_pk>/tarik/", withdrawing.judge_withdraw, name="judge_withdraw"
    ),
    path("putaran/<int:pk>/tugas/", dividing.assignment, name="assignment"),
    path("putaran/<int:pk>/tugas/penilai/", dividing.assignment_judges, name="assignment_judges"),
    path("putaran/<int:pk>/tugas/semua/", dividing.assignment_dissolve, name="assignment_dissolve"),
    path("putaran/<int:pk>/tugas/rencana/<int:plan_pk>/", dividing.plan_detail, name="plan_detail"),
    path(
        "putaran/<int:pk>/tugas/rencana/<int:plan_pk>/kemajuan/", dividing.plan_progress, name="plan_progress"
    ),
    path("putaran/<int:pk>/tugas/rencana/<int:plan_pk>/terima/", dividing.plan_accept, name="plan_accept"),
    path("putaran/<int:pk>/tugas/rencana/<int:plan_pk>/ulang/", dividing.plan_resume, name="plan_resume"),
    path("putaran/<int:pk>/latihan/", training.training, name="training"),
    path("putaran/latihan/<int:pk>/", training.training_example, name="training_example"),
    path("penilaian/<int:pk>/latihan/", training.training_mine, name="training_mine"),
    path("penilaian/latihan/<int:pk>/", training.training_sheet, name="training_sheet"),
    path("putaran/<int:pk>/buka/", states.round_open, name="round_open"),
    path("putaran/<int:pk>/moderasi/", moderation.moderation_board, name="moderation_board"),
    path("putaran/<int:pk>/moderasi/mulai/", moderation.moderation_start, name="moderation_start"),
    path("putaran/entri/<int:pk>/moderasi/", moderation.moderation_entry, name="moderation_entry"),
    path("penilaian/lembar/<int:pk>/moderasi/", moderation.moderation_sheet, name="moderation_sheet"),
    path("putaran/<int:pk>/tutup/", states.round_close, name="round_close"),
    path("putaran/<int:pk>/umumkan/", states.round_publish, name="round_publish"),
    path("putaran/<int:pk>/hasil/", result.round_result, name="round_result"),
    path("putaran/<int:pk>/hasil/kemajuan/", result.result_progress, name="result_progress"),
    path("putaran/<int:pk>/bundel.zip", result.result_bundle, name="result_bundle"),
    path("putaran/<int:pk>/nilai.<slug:fmt>", exports.round_export, name="round_export"),
    path("putaran/<int:pk>/laporan.pdf", exports.round_report, name="round_report"),
    path("putaran/<int:pk>/peringkat.<slug:fmt>", exports.ranking_export, name="ranking_export"),
    path("putaran/entri/<int:pk>/", dashboard.entry_detail, name="entry_detail"),
    path("putaran/entri/<int:pk>/konflik/", panel.conflict_declare, name="conflict_declare"),
    path("putaran/entri/<int:pk>/tugas/", dividing.entry_assign, name="entry_assign"),
    path("putaran/entri/<int:pk>/tarik/", withdrawing.entry_withdraw, name="entry_withdraw"),
    path("putaran/entri/<int:pk>/tinjau/", reopening.entry_reopen, name="entry_reopen"),
    path("putaran/entri/<int:pk>/catatan/", feedback.notes_release, name="notes_release"),
    path("umpan-balik/", feedback.feedback_list, name="feedback_list"),
    path("umpan-balik/<int:pk>/", feedback.feedback, name="feedback"),
    path("penilaian/", judging.judging_list, name="judging_list"),
    path("penilaian/<int:pk>/", judging.judging_round, name="judging_round"),
    path("penilaian/<int:pk>/berikutnya/", judging.judging_next, name="judging_next"),
    path("penilaian/lembar/<int:pk>/", scoresheet.sheet_edit, name="sheet_edit"),
    path("penilaian/lembar/<int:pk>/simpan/", scoresheet.sheet_autosave, name="sheet_autosave"),
    path("penilaian/lembar/<int:pk>/konflik/", scoresheet.sheet_conflict, name="sheet_conflict"),
    path(
        "penilaian/lembar/<int:pk>/bukti/<int:evidence_pk>/",
        scoresheet.sheet_evidence,
        name="sheet_evidence",
    ),
]
