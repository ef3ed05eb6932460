"""Keeps the Indonesian catalogue: `update` gathers the messages, `check` refuses missing or fuzzy ones.

Works without GNU gettext: Babel reads Python, Django's own templatizer turns templates into Python first.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "tifa"
CATALOGUE = PACKAGE / "locale" / "id" / "LC_MESSAGES" / "django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
# Fixed, so that the catalogue changes only when a message does. Indonesian has no plural forms.
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: tifa\\n"
"POT-Creation-Date: 2026-01-01 00:00+0000\\n"
"PO-Revision-Date: 2026-01-01 00:00+0000\\n"
"Last-Translator: Tifa\\n"
"Language: id\\n"
"Language-Team: id\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def _sources() -> Iterator[tuple[Path, str]]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield path, path.read_text(encoding="utf-8")
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            yield path, templatize(path.read_text(encoding="utf-8"), origin=str(path))


def gathered() -> Catalog:
    """Return the messages that stand in the code and the templates, without translations."""
    catalogue = Catalog(locale="id", project="tifa", charset="utf-8")
    for path, text in _sources():
        found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
        for _line, message, _comments, context in found:
            catalogue.add(message, locations=[(str(path.relative_to(ROOT)), 0)], context=context)
    return catalogue


def current() -> Catalog:
    """Return the catalogue as it lies on disk."""
    text = CATALOGUE.read_bytes() if CATALOGUE.exists() else HEADER.encode()
    return read_po(io.BytesIO(text), locale="id")


def _compiled(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def update() -> int:
    """Merge new messages in, drop the unused ones, compile."""
    catalogue = current()
    catalogue.update(gathered(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalogue, sort_output=True, no_location=True, omit_header=True, width=110)
    COMPILED.write_bytes(_compiled(current()))
    return 0


def check() -> int:
    """Name every message that lacks a translation, is fuzzy, or breaks its placeholders."""
    catalogue = current()
    known = {(message.id, message.context): message for message in catalogue if message.id}
    faults = []
    for message in gathered():
        if not message.id:
            continue
        translated = known.get((message.id, message.context))
        if translated is None or not _complete(translated.string):
            faults.append(f"not translated: {message.id!r}")
        elif translated.fuzzy:
            faults.append(f"fuzzy: {message.id!r}")
        else:
            faults.extend(f"{fault}: {message.id!r}" for fault in translated.check(catalogue))
    if COMPILED.read_bytes() != _compiled(catalogue):
        faults.append("the compiled catalogue is not up to date: run `make messages`")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _complete(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    settings.configure(USE_I18N=False)
    django.setup()
    actions = {"update": update, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        sys.exit("usage: messages.py update | check")
    sys.exit(actions[sys.argv[1]]())
