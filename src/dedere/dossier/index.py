"""`data/index.html`: the dossier for reading, in one page without scripts, fonts or anything from elsewhere."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING
from urllib.parse import quote

from dedere.base.clock import format_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dedere.casework.state import CaseState
    from dedere.dossier.description import Description, ItemLine
    from dedere.vault.ledger import CustodyEntry

_STYLE = """
body { font: 1rem/1.5 sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #0b0c0c; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
th, td { border-bottom: 1px solid #b1b4b6; padding: .4rem .6rem; text-align: left; vertical-align: top; }
code { font-size: .85em; overflow-wrap: anywhere; }
.note { border-left: .4rem solid #b1b4b6; padding-left: 1rem; }
"""

_TABLE_END = "</tbody></table>"

_NOTE = (
    "<p class=note>This page is for reading. What it says is proven by the other files: run <code>dedere verify</code> "
    "on the dossier, or check it with stock tools as the documentation shows.</p>"
)


def index_pieces(
    description: Description,
    state: CaseState | None,
    *,
    rows: Iterable[bytes],
    ledgers: Iterable[bytes],
) -> Iterator[bytes]:
    """The page, piece by piece. `state` is absent where letters are left out.

    `rows` are what `item_row` wrote of each item, `ledgers` what `ledger_section` wrote.
    """
    title = _text(description.title)
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{title}</h1>{_facts(description)}{_NOTE}{_letters(description, state)}<h2>Items</h2>"
    ).encode()
    yield _table_head(("Item", "Type", "Bytes", "Form", "SHA-256 of the plain bytes")).encode()
    yield from rows
    yield _TABLE_END.encode()
    yield from ledgers
    yield b"</main></body></html>\n"


def _facts(description: Description) -> str:
    references = ", ".join(f"{state}: {reference}" for state, reference in sorted(description.references.items()))
    rows = (
        ("Dossier", description.id),
        ("Case", description.case),
        ("References", references),
        ("Exported by", f"{description.exported_by}, central authority of {description.exporter.state}"),
        ("Exported on", format_instant(description.exported_at)),
        ("Purpose", description.purpose),
        ("Digest of the record", description.record_sha256 or "not given: letters are left out"),
    )
    return _table((), ((f"<strong>{name}</strong>", _text(value)) for name, value in rows))


def _letters(description: Description, state: CaseState | None) -> str:
    lines = {line.id: line for line in description.letters}
    rows = []
    for entry in state.timeline if state is not None else ():
        line = lines.pop(entry.letter, None)
        title = _text(entry.title)
        if line is not None and line.act:
            title = f'<a href="{_link(line.act)}">{title}</a>'
        remark = "" if entry.status == "applied" else f" ({_text(entry.status)}: {_text(entry.sentence)})"
        parties = f"{_text(entry.sender)} to {_text(', '.join(entry.recipients))}"
        rows.append((_text(entry.sealed_at), parties, title + remark, _text(entry.officer), _code(entry.digest)))
    for line in lines.values():
        what = f'<a href="{_link(line.act)}">Letter {_text(line.id)}</a>' if line.act else f"Letter {_text(line.id)}"
        rows.append(("", "", f"{what} {_text(line.left_out)}", "", _code(line.sha256)))
    return "<h2>Letters</h2>" + _table(("Sealed", "From and to", "Act", "Officer", "SHA-256"), rows)


def item_row(item: ItemLine, *, openable: bool) -> bytes:
    """The row of an item. Only one that is `openable` is linked: a browser that opens a file from a disk lets scripts
    in it run."""  # noqa: D205, D209 - one sentence after the first
    name = _text(item.title or item.name)
    if item.member and openable:
        shown = f'<a href="{_link(item.member)}">{name}</a>'
    elif item.member:
        shown = f"{name}<br><code>{_text(item.member)}</code>"
    else:
        shown = f"{name} (left out: {_text(item.left_out)})"
    cells = (shown, _text(item.media_type), f"{item.size:,}", _text(item.form), _code(item.sha256))
    return _row(cells).encode()


def ledger_section(title: str, entries: Iterable[CustodyEntry]) -> bytes:
    """The custody of one item as a table of its own."""
    rows = (
        (
            str(entry.sequence),
            _text(entry.at),
            _text(entry.event),
            _text(" — ".join(filter(None, (entry.by, entry.authority)))),
            _text(entry.place),
            _text(entry.note),
            _code(entry.digest()),
        )
        for entry in entries
    )
    heads = ("No.", "At", "Event", "By", "Place", "Note", "SHA-256")
    return f"<h3>Custody of {_text(title)}</h3>{_table(heads, rows)}".encode()


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return _table_head(heads) + "".join(map(_row, rows)) + _TABLE_END


def _table_head(heads: Sequence[str]) -> str:
    head = "<thead><tr>" + "".join(f"<th scope=col>{name}" for name in heads) + "</thead>" if heads else ""
    return f"<table>{head}<tbody>"


def _row(cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<td>{cell}" for cell in cells)


def _code(digest: str) -> str:
    return f"<code>{_text(digest)}</code>"


def _link(member: str) -> str:
    return quote(member.removeprefix("data/"))


def _text(text: str) -> str:
    return html.escape(text)
