"""Documents that carry no act: records, certificates, indexes, agreements, the sheet for a note verbale."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from dedere.papers.document import BigCode, Signature, line
from dedere.papers.particulars import Json, Particulars

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dedere.papers.composing.pen import Pen


class SheetKind(enum.StrEnum):
    """Every document that is not an act's. `acknowledgement` answers a request that came on paper, on paper."""

    ACKNOWLEDGEMENT = "acknowledgement"
    ANNEX_LIST = "annex-list"
    CARD_SHEET = "card-sheet"
    CONSENT_DECLARATION = "consent-declaration"
    CUSTODY_RECORD = "custody-record"
    DESTRUCTION_CERTIFICATE = "destruction-certificate"
    DOSSIER_INDEX = "dossier-index"
    HEARING_PROTOCOL = "hearing-protocol"
    INTERVIEW_PLAN = "interview-plan"
    SAFE_CONDUCT = "safe-conduct"
    SURRENDER_RECORD = "surrender-record"
    TEAM_AGREEMENT = "team-agreement"


def compose_sheet(kind: SheetKind, data: Mapping[str, Json], pen: Pen) -> None:
    """Write a document of this kind. Everything in its data is printed, whatever members it has."""
    pen.say(f"intro.{kind}")
    particulars = Particulars(data)
    if kind is SheetKind.CARD_SHEET:
        _card(particulars, pen)
    listing = _LISTINGS.get(kind)
    entries = particulars.groups("entries") if listing is not None else []
    pen.data(particulars.rest(), level=1, order=kind.value)
    if listing is not None:
        with pen.under("entries"):
            listing(entries, pen)
    ending = _ENDINGS.get(kind)
    if ending is not None:
        ending(Particulars(data), pen)


def _card(card: Particulars, pen: Pen) -> None:
    """The fingerprint in large digits; a partner reads it out group by group."""
    groups = tuple(card.text("fingerprint").split())
    pen.write(BigCode(groups, label=pen.wording.text("sheet.fingerprint")))


def _files(entries: list[Particulars], pen: Pen) -> None:
    """The entries of a list of files: number, title or path, size, digest; what else they hold follows below."""
    text = pen.wording.text
    rows = []
    for number, entry in enumerate(entries, start=1):
        what = "\n".join(filter(None, (entry.text("title"), entry.text("path"))))
        rows.append([str(number), what, entry.text("size"), entry.text("sha256")])
    pen.heading(text("sheet.entries"))
    columns = ("number", "what", "size", "digest")
    pen.table([text(f"sheet.{column}") for column in columns], rows, widths=(1, 5, 2, 6))
    _rest_of_entries(entries, pen)


def _custody(entries: list[Particulars], pen: Pen) -> None:
    """The chain of custody as a table of its steps; the digests that chain them follow below, entry by entry."""
    rows = [
        [
            entry.text("sequence"),
            pen.short("event", entry.text("event")) or "",
            pen.short("at", entry.text("at")) or "",
            entry.text("by"),
            entry.text("place"),
        ]
        for entry in entries
    ]
    pen.heading(pen.wording.label("entries"))
    columns = ("number", "event", "at", "by", "place")
    pen.table([pen.wording.text(f"sheet.{column}") for column in columns], rows, widths=(1, 2, 4, 3, 3))
    _rest_of_entries(entries, pen)


def _rest_of_entries(entries: list[Particulars], pen: Pen) -> None:
    for number, entry in enumerate(entries, start=1):
        rest = entry.rest()
        if rest:
            with pen.under(f"[{number}]"):
                pen.heading(pen.wording.text("shape.ledger", number=str(number)), level=2)
                pen.data(rest, level=3)


def _signed_by_person(sheet: Particulars, pen: Pen) -> None:
    """Room for the person's own signature and for that of the authority before whom it is given."""
    text = pen.wording.text
    person = sheet.group("person").text("name") or sheet.text("person")
    pen.write(Signature(((line(text("sheet.witness")), line(person)), (line(text("frame.signed_at")), line("")))))
    if "before" in sheet:
        before = pen.short("before", sheet.take("before")) or ""
        pen.write(Signature(((line(text("sheet.before")), line(before)), (line(text("frame.signed_at")), line("")))))


def _signed_by_states(sheet: Particulars, pen: Pen) -> None:
    """Room for the signature of each State."""
    text = pen.wording.text
    for signatory in sheet.groups("signatories"):
        state = pen.short("state", signatory.text("state")) or ""
        rows = (
            (text("frame.signed_for"), ", ".join(filter(None, (signatory.text("authority"), state)))),
            (text("frame.signed_by"), signatory.text("name")),
            (text("frame.signed_at"), ""),
        )
        pen.write(Signature(tuple((line(label), line(value)) for label, value in rows)))


_LISTINGS: Mapping[SheetKind, Callable[[list[Particulars], Pen], None]] = {
    SheetKind.DOSSIER_INDEX: _files,
    SheetKind.ANNEX_LIST: _files,
    SheetKind.CUSTODY_RECORD: _custody,
}
_ENDINGS: Mapping[SheetKind, Callable[[Particulars, Pen], None]] = {
    SheetKind.CONSENT_DECLARATION: _signed_by_person,
    SheetKind.HEARING_PROTOCOL: _signed_by_person,
    SheetKind.TEAM_AGREEMENT: _signed_by_states,
}
