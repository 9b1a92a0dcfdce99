"""A review: what a legal officer found when comparing one datum with the authentic text, as a record that is signed.

Three kinds of record: a *review*; a *second* person's agreement with one; a *withdrawal* of one. Records are never
changed. Signatures are the business of the caller: `opened` takes a callable that checks them.
"""

from __future__ import annotations

import datetime as dt
import enum
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from dedere.base.clock import format_instant, parse_instant
from dedere.base.errors import DedereError, FacilityError, InputError
from dedere.base.identifiers import require_identifier
from dedere.treaty.errors import ReviewError
from dedere.treaty.review_index import INDEX, ReviewIndex, open_index, require_complete, with_record
from dedere.treaty.wording import say_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

VERSION = "dedere-review/1"
RECORD = "review.json"
SIGNATURE = "review.p7s"
_KEYS = (
    "version",
    "id",
    "kind",
    "datum",
    "field",
    "revision",
    "row_digest",
    "result",
    "value",
    "cite",
    "note",
    "by",
    "at",
    "concerns",
)


class ReviewKind(enum.StrEnum):
    """What a record is."""

    REVIEW = "review"
    SECOND = "second"
    WITHDRAWAL = "withdrawal"


class ReviewResult(enum.StrEnum):
    """What the comparison with the authentic text showed."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    DOES_NOT_EXIST = "does-not-exist"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One record.

    `datum` is the row, e.g. `lhc/ext.ground.national`; `field` the key of it; `value` what the text says, as JSON (days
    as ISO texts), None where the shipped value stands. `row_digest` is the SHA-256 of the row as it was shipped: a
    changed row makes the review lapse. `concerns` names the review that a second or a withdrawal is about.
    """

    id: str
    kind: ReviewKind
    datum: str
    field: str = ""
    revision: int = 1
    row_digest: str = ""
    result: ReviewResult = ReviewResult.CONFIRMED
    # Any: any JSON value; the reader of the key it is for decides whether it is of the right kind.
    value: Any = None
    cite: str = ""
    note: str = ""
    by: str
    at: dt.datetime
    concerns: str = ""

    @property
    def said(self) -> str:
        """Who reviewed it, when and where in the text, as shown wherever the datum is used."""
        where = f" ({self.cite})" if self.cite else ""
        return f"{self.by}, {say_day(self.at.date())}{where}"

    def as_json(self) -> dict[str, object]:
        """The record as plain data, always the same keys in the same order."""
        return {
            "version": VERSION,
            "id": self.id,
            "kind": self.kind.value,
            "datum": self.datum,
            "field": self.field,
            "revision": self.revision,
            "row_digest": self.row_digest,
            "result": self.result.value,
            "value": self.value,
            "cite": self.cite,
            "note": self.note,
            "by": self.by,
            "at": format_instant(self.at),
            "concerns": self.concerns,
        }

    def to_bytes(self) -> bytes:
        """The bytes that are signed and stored."""
        return (json.dumps(self.as_json(), ensure_ascii=False, indent=2) + "\n").encode()


def parse_review(data: bytes, *, name: str) -> Review:
    """The record in `data`.

    Raises:
        ReviewError: other bytes than `to_bytes` writes, or another version; names the file.
    """
    try:
        raw = json.loads(data)
        if not isinstance(raw, dict) or tuple(raw) != _KEYS or raw["version"] != VERSION:
            raise ReviewError(f"{name}: expected a review record of version {VERSION}.")
        review = Review(
            id=require_identifier(raw["id"]),
            kind=ReviewKind(raw["kind"]),
            result=ReviewResult(raw["result"]),
            at=parse_instant(raw["at"]),
            revision=int(raw["revision"]),
            value=raw["value"],
            **{key: _text(raw[key]) for key in ("datum", "field", "row_digest", "cite", "note", "by", "concerns")},
        )
    except (ValueError, TypeError, KeyError, RecursionError, InputError) as error:
        if isinstance(error, ReviewError):
            raise
        raise ReviewError(f"{name}: expected a review record of version {VERSION}.") from error
    if review.to_bytes() != data:
        raise ReviewError(f"{name}: expected a review record as it was written, found another layout.")
    return review


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A record as it lies in a node's home: its file name, its bytes and the bytes of its signature (or none)."""

    name: str
    data: bytes
    signature: bytes | None


@dataclass(frozen=True, slots=True)
class StoredReviews:
    """What a folder of reviews holds: the records, and the bytes of the signed list of them (none: no list)."""

    records: tuple[StoredReview, ...] = ()
    index: bytes | None = None

    def __bool__(self) -> bool:
        """Whether there is anything to be checked."""
        return bool(self.records) or self.index is not None


def stored_reviews(folder: Path) -> StoredReviews:
    """What is in a folder such as `reviews/` of a node's home, not yet checked; nothing when there is no folder.

    Each record has a folder of its own, with the record and its signature. A name that begins with a dot is a writing
    that was cut off: it counts when the list was written already, and is passed over otherwise.

    Raises:
        ReviewError: a file that cannot be read, or a folder without a record.
    """
    if not folder.is_dir():
        return StoredReviews()
    folders = sorted(each for each in folder.iterdir() if each.is_dir())
    whole = {each.name for each in folders}
    found = []
    for path in folders:
        cut_off = path.name.startswith(".")
        if cut_off and (path.name[1:] in whole or not (path / SIGNATURE).exists()):
            continue
        signature = path / SIGNATURE
        name = f"{path.name}/{RECORD}"
        found.append(
            StoredReview(name, _read(path / RECORD, name), _read(signature, name) if signature.exists() else None)
        )
    index = folder / INDEX
    return StoredReviews(tuple(found), _read(index, INDEX) if index.exists() else None)


def store_review(folder: Path, review: Review, *, sign: Callable[[bytes], bytes]) -> Path:
    """Writes a record with its signature into a folder of their own and onto the signed list; the result is the folder.

    A crash leaves all of it or nothing that counts. The folder's reviews must have been `opened` before.

    Raises:
        ReviewError: the record is there already.
        FacilityError: the folder cannot be written.
    """
    final, partial = folder / review.id, folder / f".{review.id}"
    if final.exists():
        raise ReviewError(f"The record {review.id} is stored already.")
    there = stored_reviews(folder)
    known = open_index(there.index, check=lambda _data, _signature: None) if there.index is not None else None
    listed = {each.name.removesuffix(f"/{RECORD}"): each.data for each in there.records if each.name[:1] != "."}
    try:
        partial.mkdir(parents=True)
        (partial / RECORD).write_bytes(review.to_bytes())
        (partial / SIGNATURE).write_bytes(sign(review.to_bytes()))
        new = folder / f"{INDEX}.new"
        new.write_bytes(with_record(known, {**listed, review.id: review.to_bytes()}).to_bytes(sign))
        new.replace(folder / INDEX)
        partial.rename(final)
    except OSError as error:
        raise FacilityError(f"The review cannot be written into {folder}.") from error
    return final


def _read(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReviewError(f"{name} is missing or cannot be read; restore it from a backup.") from error


class SignatureCheck(Protocol):
    """Checks the signature over the bytes of a record."""

    def __call__(self, data: bytes, signature: bytes) -> None:
        """Nothing when it is good; raises a DedereError when it is not."""
        ...


def opened(stored: StoredReviews, *, check: SignatureCheck) -> tuple[Review, ...]:
    """The records, oldest first, every signature checked, and none of those on the signed list missing.

    A record that is signed and not on the list counts: it was brought from another folder of the same authority.

    Raises:
        ReviewError: a record without a signature, changed after it was signed, or gone; or the list is. One sentence
            naming what. No record counts then: a review must not silently fall away.
    """
    if stored and stored.index is None:
        raise ReviewError(f"{INDEX}, the signed list of all reviews, is gone; restore it from a backup.")
    index = open_index(stored.index, check=check) if stored.index is not None else ReviewIndex({})
    found: dict[str, Review] = {}
    data: dict[str, bytes] = {}
    for each in stored.records:
        if each.name.startswith(".") and each.name[1:].removesuffix(f"/{RECORD}") not in index.digests:
            continue  # cut off before it was on the list: it was never told to be recorded
        if each.signature is None:
            raise ReviewError(f"{each.name} has no signature; restore it from a backup.")
        try:
            check(each.data, each.signature)
        except DedereError as error:
            raise ReviewError(
                f"{each.name} was changed after it was signed, or signed with a key that is not the authority's; "
                "restore it from a backup."
            ) from error
        review = parse_review(each.data, name=each.name)
        if review.id in found:
            raise ReviewError(f"{each.name} repeats the record {review.id}; a record is stored once.")
        found[review.id] = review
        data[review.id] = each.data
    require_complete(index, data)
    return tuple(sorted(found.values(), key=lambda review: (review.at, review.id)))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a review stands among the others."""

    review: Review
    second: Review | None
    withdrawn: Review | None


def same_person(one: str, other: str) -> bool:
    """Whether two names as typed mean the same person: letters' size and spacing do not count."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def standings(reviews: Iterable[Review]) -> tuple[Standing, ...]:
    """Every review with its second and its withdrawal, in the order given. Nobody seconds a review of their own."""
    found = tuple(reviews)
    seconds = _by_concern(found, ReviewKind.SECOND)
    withdrawals = _by_concern(found, ReviewKind.WITHDRAWAL)
    return tuple(
        Standing(
            review,
            next((each for each in seconds.get(review.id, ()) if not same_person(each.by, review.by)), None),
            next(iter(withdrawals.get(review.id, ())), None),
        )
        for review in found
        if review.kind is ReviewKind.REVIEW
    )


def _by_concern(reviews: Iterable[Review], kind: ReviewKind) -> Mapping[str, list[Review]]:
    found: dict[str, list[Review]] = {}
    for review in reviews:
        if review.kind is kind:
            found.setdefault(review.concerns, []).append(review)
    return found
