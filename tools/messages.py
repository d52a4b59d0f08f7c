"""Translations: English sentences in the code, Chinese in one catalogue per folder of the house.

    python -m tools.messages --update  [FOLDER…]    write new sentences into the catalogues
    python -m tools.messages --check   [FOLDER…]    name what is missing or wrong, and fail
    python -m tools.messages --compile [FOLDER…]    make the binary catalogues
    python -m tools.messages --forget  [FOLDER…]    drop what nobody says any more

FOLDER is a folder of src/honghui; without one, all of them. An update never loses a translation:
what nobody says any more is put away at the end of the file, behind "#~", and comes back with
its sentence. Needs no system gettext: Django turns templates into Python, Babel does the rest.

src/honghui/locale is nobody's folder: it holds, by hand, what Django and allauth say and have no
good Chinese for. Its name as a FOLDER is honghui.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import allauth
import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

HOME = Path(__file__).resolve().parent.parent
PACKAGE = HOME / "src" / "honghui"
LANGUAGE = "zh_Hans"
WIDTH = 96
# The same sentences, the same bytes: no dates, no version of a tool.
HEADER = f"""msgid ""
msgstr ""
"Language: {LANGUAGE}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
KEYWORDS: dict[str, Any] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Where the libraries keep the sentences they say, as English catalogues.
LIBRARIES = (
    *Path(django.__path__[0]).glob("con*/**/locale/en/LC_MESSAGES/django.po"),
    *Path(allauth.__path__[0]).glob("locale/en/LC_MESSAGES/django.po"),
)
ARGUMENT = re.compile(r"%\((\w+)\)[sd]")
PLACE = re.compile(r"(?<!%)%[sd]")
TAG = re.compile(r"<[^>]+>")
HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
# What Chinese set by hand gets wrong, and what to write instead.
MANNERS = (
    (re.compile("您"), "the reader is 你"),
    (re.compile(rf"{HAN} ?[,.;:!?()]|[,;:!?()] ?{HAN}"), "punctuation is full-width"),
    (re.compile(rf"{HAN}[\"']|[\"']{HAN}"), "quotation marks are “ ” and ‘ ’"),
    (re.compile(rf"{HAN} +[\w%]|[\w%] +{HAN}", re.ASCII), "no blank beside Latin or digits"),
    (re.compile(r" [，。；：！？、（）“”]|[，。；：！？、（）“”] "), "no blank beside punctuation"),
    (re.compile(r"\.\.\.|…(?!…)(?<!……)"), "an ellipsis is ……"),
)


def folders(names: Iterable[str] = (), package: Path = PACKAGE) -> list[Path]:
    """Every folder of the house, or those named."""
    known = {each.parent.name: each.parent for each in package.glob("*/__init__.py")}
    if catalogue_path(package).exists():
        known[package.name] = package
    unknown = set(names) - set(known)
    if unknown:
        sys.exit(f"No such folder: {', '.join(sorted(unknown))}. There are: {', '.join(known)}.")
    return [known[name] for name in sorted(set(names) or known)]


def catalogue_path(folder: Path) -> Path:
    return folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def new_catalogue() -> Catalog:
    return Catalog(locale=LANGUAGE, charset="utf-8", fuzzy=False)


# ── what the code says ───────────────────────────────────────────────────────────────────────


def said(folder: Path) -> Catalog:
    """Every sentence of a folder's Python and templates, with the files that say it."""
    if not (folder.parent / "__init__.py").exists():
        return said_by_libraries(folder)  # the whole house, no folder of it
    if not settings.configured:
        settings.configure()
    catalogue = new_catalogue()
    files = (path for kind in ("py", "html", "txt") for path in folder.rglob(f"*.{kind}"))
    for path in sorted(files):
        for message, context in sentences(path):
            name = path.relative_to(folder.parent).as_posix()
            catalogue.add(message, context=context, locations=[(name, 1)])
    return catalogue


def said_by_libraries(package: Path) -> Catalog:
    """Of what our own catalogue for the libraries holds: what they still say."""
    catalogue = new_catalogue()
    theirs = {key(each): each for path in LIBRARIES for each in real(read(path))}
    for message in real(read(catalogue_path(package))):
        if key(message) in theirs:
            said_there = theirs[key(message)]
            catalogue.add(said_there.id, context=said_there.context)
    return catalogue


def sentences(path: Path) -> Iterator[tuple[Any, str | None]]:
    """(sentence or its singular and plural, context) of a file. Names the file that is broken."""
    source = path.read_text("utf-8")
    try:
        code = source if path.suffix == ".py" else without_indents(templatize(source))
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(code.encode()), KEYWORDS
        ):
            yield message, context
    except (SyntaxError, UnicodeError, ValueError) as error:
        raise SystemExit(f"{path}: {error}") from error


def without_indents(code: str) -> str:
    """Django's Python for a template keeps the template's indents, which are none of Python's."""
    return "\n".join(line.strip() for line in code.splitlines())


# ── what the catalogue knows ─────────────────────────────────────────────────────────────────


def read(path: Path) -> Catalog:
    if not path.exists():
        return new_catalogue()
    return read_po(io.BytesIO(path.read_bytes()), locale=LANGUAGE, charset="utf-8")


def write(path: Path, catalogue: Catalog) -> None:
    """In the order of the files that say it, under the remark the file begins with."""
    body = io.BytesIO()
    write_po(body, catalogue, width=WIDTH, omit_header=True, include_lineno=False)
    before = path.read_text("utf-8") if path.exists() else ""
    remark = re.match(r"(?:#(?![,~:|]).*\n)*", before)
    text = (remark.group() if remark else "") + HEADER + body.getvalue().decode().strip() + "\n"
    if before != text:
        replace(path, text.encode())


def replace(path: Path, content: bytes) -> None:
    """Whole or not at all: a server may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


def key(message: Message) -> Any:
    """What gettext looks a sentence up by: its singular, and its context."""
    single = message.id[0] if isinstance(message.id, list | tuple) else message.id
    return (single, message.context) if message.context else single


def real(catalogue: Catalog) -> Iterator[Message]:
    """Every message but the header."""
    return (message for message in catalogue if message.id)


def forms(message: Message) -> list[str]:
    """The translation as a list: one for each plural form, of which Chinese has one."""
    string = message.string
    return list(string) if isinstance(string, list | tuple) else [string or ""]


def is_translated(message: Message) -> bool:
    return all(forms(message)) and not message.fuzzy


# ── the four tasks ───────────────────────────────────────────────────────────────────────────


def update(folder: Path) -> None:
    """Writes the folder's sentences down anew; keeps each translation and each remark."""
    path = catalogue_path(folder)
    wanted, known = said(folder), read(path)
    if not list(real(wanted)) and not path.exists():
        return
    put_away = {**known.obsolete, **{key(message): message for message in real(known)}}
    for message in real(wanted):
        old = put_away.pop(key(message), None)
        if old is not None and any(forms(old)):
            message.string = fitted(old, message)
            message.flags |= old.flags & {"fuzzy"}
            message.user_comments = old.user_comments
    for name, message in put_away.items():
        if any(forms(message)):
            wanted.obsolete[name] = message
    write(path, wanted)


def fitted(old: Message, new: Message) -> Any:
    """The old words in the shape of the new sentence, which may have gained or lost a plural."""
    return tuple(forms(old)[:1]) if isinstance(new.id, list | tuple) else forms(old)[0]


def forget(folder: Path) -> None:
    """Writes the folder's sentences down anew and drops what nobody says."""
    update(folder)
    path = catalogue_path(folder)
    if path.exists():
        catalogue = read(path)
        catalogue.obsolete.clear()
        write(path, catalogue)


def compile_folder(folder: Path) -> None:
    path = catalogue_path(folder)
    if not path.exists():
        return
    body = io.BytesIO()
    write_mo(body, read(path))
    binary = path.with_suffix(".mo")
    if not binary.exists() or binary.read_bytes() != body.getvalue():
        replace(binary, body.getvalue())


def check(chosen: list[Path]) -> list[str]:
    """Everything wrong in these folders, one line a thing."""
    return [
        *(line for folder in chosen for line in wrong_in(folder)),
        *contradictions(chosen),
    ]


# ── what may be wrong ────────────────────────────────────────────────────────────────────────


def wrong_in(folder: Path) -> Iterator[str]:
    wanted, known = said(folder), read(catalogue_path(folder))
    there = {key(message): message for message in real(known)}
    for message in real(wanted):
        found = there.pop(key(message), None)
        if found is None or not is_translated(found):
            yield f"{folder.name}: not translated: {message.id!r}"
        else:
            found.id = message.id
            yield from (f"{folder.name}: {each}: {message.id!r}" for each in faults(found))
    for message in there.values():
        yield f"{folder.name}: nobody says this any more, --update puts it away: {message.id!r}"


def faults(message: Message) -> Iterator[str]:
    """A translation that breaks the page, or reads like a machine's."""
    english = message.id if isinstance(message.id, list | tuple) else [message.id]
    is_plural, chinese = len(english) > 1, forms(message)
    if len(chinese) != 1 or isinstance(message.string, list | tuple) != is_plural:
        yield "Chinese has one form, in msgstr[0] if the English has two"
        return
    wanted = {name for each in english for name in ARGUMENT.findall(each)}
    given = set(ARGUMENT.findall(chinese[0]))
    for name in sorted(wanted - given):
        yield f"the argument {name} is lost"
    for name in sorted(given - wanted):
        yield f"the argument {name} is unknown"
    if PLACE.findall(english[-1]) != PLACE.findall(chinese[0]):
        yield "a place for a value is lost, or new"
    if re.search(r"%(?!\(\w+\)[sd]|%)", chinese[0]) and wanted:
        yield "a % is written %%"
    if set(TAG.findall(chinese[0])) != {tag for each in english for tag in TAG.findall(each)}:
        yield "the tags differ"
    yield from bad_manners(chinese[0])


def bad_manners(chinese: str) -> Iterator[str]:
    """Rules of Chinese typesetting; thin spaces are the browser's work (text-autospace)."""
    plain = TAG.sub("", PLACE.sub("0", ARGUMENT.sub("0", chinese)))
    if not re.search(HAN, plain) and re.search("[A-Za-z]{2}", plain):
        yield "there is no Chinese in it"
    for pattern, rule in MANNERS:
        found = pattern.search(plain)
        if found:
            yield f"{rule} (“{found.group()}”)"


def contradictions(chosen: list[Path]) -> Iterator[str]:
    """Django pours all catalogues into one: a sentence has one translation in the whole house."""
    first: dict[Any, tuple[str, list[str]]] = {}
    for folder in chosen:
        for message in real(read(catalogue_path(folder))):
            if not is_translated(message):
                continue
            before, words = first.setdefault(key(message), (folder.name, forms(message)))
            if words != forms(message):
                yield (
                    f"{before} and {folder.name} differ: {message.id!r}: "
                    f"{words[0]} / {forms(message)[0]}"
                )


def main(arguments: list[str]) -> int:
    task, names = (arguments or ["--check"])[0], arguments[1:]
    each = {"--update": update, "--forget": forget, "--compile": compile_folder}.get(task)
    if task != "--check" and each is None:
        sys.exit(__doc__)
    chosen = folders(names)
    if each is None:
        wrong = check(chosen)
        print("\n".join(wrong) or "Every sentence has its Chinese.")
        return 1 if wrong else 0
    for folder in chosen:
        each(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
