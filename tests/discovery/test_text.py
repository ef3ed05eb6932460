"""Texts are cut where a reader would cut them, and every token keeps its place."""

from tifa.discovery.text import read_text, words_of


def sentences(source: str) -> list[str]:
    text = read_text(source)
    return [text.quote(number) for number in range(len(text.sentences))]


def test_sentences_end_at_marks_and_lines_but_not_at_abbreviations() -> None:
    found = sentences("Rapat di Jl. Raya No. 5 selesai. Warga pulang!\n\n1. Buka loket\n2. Tutup loket")

    assert found == ["Rapat di Jl. Raya No. 5 selesai.", "Warga pulang!", "1. Buka loket", "2. Tutup loket"]


def test_closing_quote_belongs_to_its_sentence() -> None:
    assert sentences("“Sudah jalan.” Ia tertawa.") == ["“Sudah jalan.”", "Ia tertawa."]


def test_tokens_keep_their_places() -> None:
    source = "Si-Padu dibuka (24/7/2023) di RT/RW 05, lihat www.contoh.go.id #Padu"
    text = read_text(source)

    assert [source[token.start : token.end] for token in text.tokens] == [token.text for token in text.tokens]
    assert [token.text for token in text.tokens if token.kind == "tag"] == ["www.contoh.go.id", "#Padu"]
    assert [token.text for token in text.tokens if token.kind == "number"] == ["24/7/2023", "05"]


def test_heading_in_capitals_is_known() -> None:
    text = read_text("LAPORAN KEGIATAN KELURAHAN\n\nNamanya BUKU KITA.")

    assert [sentence.heading for sentence in text.sentences] == [True, False]


def test_words_are_folded() -> None:
    assert words_of("Si-Padu, e-KTP!") == ("si-padu", "e-ktp")
