"""`data/index.html`: the dossier for reading, in one page without scripts, fonts or anything from elsewhere."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING
from urllib.parse import quote

from dedere.base.clock import format_instant

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

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

_NOTE = (
    "<p class=note>This page is for reading. What it says is proven by the other files: run <code>dedere verify</code> "
    "on the dossier, or check it with stock tools as the documentation shows.</p>"
)


def render_index(
    description: Description,
    state: CaseState | None,
    *,
    ledgers: Mapping[str, Sequence[CustodyEntry]],
    openable: Container[str],
) -> bytes:
    """The page. `state` is absent where letters are left out.

    Only items that are `openable` are linked: a browser that opens a file from a disk lets scripts in it run.
    """
    parts = [
        f"<h1>{_text(description.title)}</h1>",
        _facts(description),
        _NOTE,
        _letters(description, state),
        _items(description, openable),
        *(_ledger(item, ledgers.get(item.id, ())) for item in description.items if item.ledger),
    ]
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{_text(description.title)}</title><style>{_STYLE}</style></head><body><main>"
        f"{''.join(parts)}</main></body></html>\n"
    )
    return page.encode()


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


def _items(description: Description, openable: Container[str]) -> str:
    rows = []
    for item in description.items:
        name = _text(item.title or item.name)
        if item.member in openable:
            shown = f'<a href="{_link(item.member)}">{name}</a>'
        elif item.member:
            shown = f"{name}<br><code>{_text(item.member)}</code>"
        else:
            shown = f"{name} (left out: {_text(item.left_out)})"
        rows.append((shown, _text(item.media_type), f"{item.size:,}", _text(item.form), _code(item.sha256)))
    return "<h2>Items</h2>" + _table(("Item", "Type", "Bytes", "Form", "SHA-256 of the plain bytes"), rows)


def _ledger(item: ItemLine, entries: Iterable[CustodyEntry]) -> str:
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
    return f"<h3>Custody of {_text(item.title or item.name)}</h3>" + _table(heads, rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "<thead><tr>" + "".join(f"<th scope=col>{name}" for name in heads) + "</thead>" if heads else ""
    body = "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in rows)
    return f"<table>{head}<tbody>{body}</tbody></table>"


def _code(digest: str) -> str:
    return f"<code>{_text(digest)}</code>"


def _link(member: str) -> str:
    return quote(member.removeprefix("data/"))


def _text(text: str) -> str:
    return html.escape(text)
