"""The review workbench: recording reviews against the data, what they change, and what is still to be reviewed.

Rules: a verified row counts as read and certain; a corrected value takes the place of the shipped one; a row that does
not exist is left out; *unclear* changes nothing. Numbers and grounds of refusal count only once a second person has
agreed. A review lapses when a new revision changes its row. For each key of a row the last review counts; one that says
that the row does not exist takes the place of all before it, and a later one the place of it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.treaty.errors import ReviewError
from dedere.treaty.overrides import Override
from dedere.treaty.rawrows import RawRow, parse_value, raw_rows, toml_value
from dedere.treaty.readers import ExpectedError
from dedere.treaty.review import Review, ReviewKind, ReviewResult, Standing, same_person, standings
from dedere.treaty.schema import SINGLE_TABLES, TREATY_TABLE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from dedere.treaty.document import Document

_UNCHOSEN = {"unsettled", "not-established"}
_WHOLE_ROW = ""


class Weight(enum.StrEnum):
    """What a review counts for now."""

    COUNTS = "counts"
    WAITS_FOR_SECOND = "waits for a second person"
    UNCLEAR = "unclear"
    LAPSED = "lapsed: the row has changed since"
    REPLACED = "replaced by a later review"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A review and what it counts for."""

    standing: Standing
    weight: Weight

    @property
    def review(self) -> Review:
        """The review."""
        return self.standing.review

    @property
    def said(self) -> str:
        """Who reviewed it, when and where in the text, and who agreed."""
        second = self.standing.second
        return f"{self.review.said}; second: {second.by}" if second is not None else self.review.said

    def as_json(self) -> dict[str, object]:
        """As plain data."""
        second = self.standing.second
        return {
            "review": self.review.as_json(),
            "weight": self.weight.value,
            "second": second.by if second else None,
            "withdrawn": self.standing.withdrawn is not None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What an officer enters: the result, the value the text has (as typed), where it stands, and a note."""

    by: str
    cite: str
    field: str = ""
    result: ReviewResult | None = None
    value: str | None = None
    note: str = ""


def weigh(reviews: Sequence[Review], rows: Mapping[str, RawRow]) -> tuple[Weighed, ...]:
    """Every review with what it counts for, in the order given."""
    found: list[Weighed] = []
    counting: dict[str, dict[str, int]] = {}
    for standing in standings(reviews):
        review = standing.review
        weight = _weight(standing, rows.get(review.datum))
        if weight is Weight.COUNTS:
            here = counting.setdefault(review.datum, {})
            absent = review.result is ReviewResult.DOES_NOT_EXIST
            for key in list(here) if absent else [key for key in (_WHOLE_ROW, review.field) if key in here]:
                place = here.pop(key)
                found[place] = Weighed(found[place].standing, Weight.REPLACED)
            here[_WHOLE_ROW if absent else review.field] = len(found)
        found.append(Weighed(standing, weight))
    return tuple(found)


def _weight(standing: Standing, row: RawRow | None) -> Weight:
    review = standing.review
    if standing.withdrawn is not None:
        return Weight.WITHDRAWN
    if row is None or row.digest != review.row_digest:
        return Weight.LAPSED
    if review.result is ReviewResult.UNCLEAR:
        return Weight.UNCLEAR
    if row.second_person and standing.second is None:
        return Weight.WAITS_FOR_SECOND
    return Weight.COUNTS


def overrides_from(
    reviews: Sequence[Review], documents: Mapping[str, Document], registers: Mapping[str, str]
) -> dict[str, Override]:
    """What the reviews change in the data, by datum.

    Raises:
        ReviewError: a review that counts has a value of the wrong kind.
    """
    rows = raw_rows(documents, registers)
    found: dict[str, Override] = {}
    for each in weigh(reviews, rows):
        if each.weight is Weight.COUNTS:
            datum = each.review.datum
            new, known = _override(each, rows[datum]), found.get(datum)
            if known is not None:
                said = "; ".join(dict.fromkeys((known.verified_by, new.verified_by)))
                new = Override(said, {**known.values, **new.values})
            found[datum] = new
    return found


def _override(each: Weighed, row: RawRow) -> Override:
    review, said = each.review, each.said
    if review.result is ReviewResult.DOES_NOT_EXIST:
        return Override(said, absent=True)
    values: dict[str, object] = {"status": "read", "confidence": "certain"}
    if row.table is not None and row.table.name == "provision":
        values |= {"article_status": "read", "article_confidence": "certain"}
    if review.value is not None:
        key = row.key(review.field)
        value = toml_value(key, review.value)
        try:
            key.reader.read(value)
        except ExpectedError as error:
            raise ReviewError(f"The review {review.id} of {review.datum}: expected {error}.") from error
        values[review.field] = value
    return Override(said, values)


def make_review(row: RawRow, statement: Statement, *, review_id: str, at: dt.datetime) -> Review:
    """The record of a statement about a row, not yet signed.

    Raises:
        ReviewError: no citation or name, a value of the wrong kind, no value where the data has none, or a rule that
            cannot be absent.
    """
    if not statement.by.strip():
        raise ReviewError("A review needs the name of the person who compared the texts (--by).")
    if not statement.cite.strip() and statement.result is not ReviewResult.UNCLEAR:
        raise ReviewError(
            "A review needs the place in the authentic text (--cite), such as 'Trb. 2024, 39, Article 5'."
        )
    _one_line(statement.by, statement.cite, statement.note)
    key = row.key(statement.field or row.decides)
    shipped = row.values.get(key.name)
    value = None if statement.value is None else parse_value(row, key, statement.value)
    same = value is None or toml_value(key, value) == shipped
    result = statement.result or (ReviewResult.CONFIRMED if same else ReviewResult.CORRECTED)
    _check_result(row, result, value=value, shipped=shipped, same=same)
    return Review(
        id=review_id,
        kind=ReviewKind.REVIEW,
        datum=row.datum,
        field=key.name,
        revision=row.revision,
        row_digest=row.digest,
        result=result,
        value=value if result in {ReviewResult.CONFIRMED, ReviewResult.CORRECTED} else None,
        cite=statement.cite.strip(),
        note=statement.note.strip(),
        by=statement.by.strip(),
        at=at,
    )


def _one_line(*texts: str) -> None:
    for text in texts:
        if not text.strip().isprintable():
            raise ReviewError("Names, citations and notes are written on one line, without control characters.")


def _check_result(row: RawRow, result: ReviewResult, *, value: object, shipped: object, same: bool) -> None:
    name = row.datum
    match result:
        case ReviewResult.CONFIRMED if not same:
            raise ReviewError(f"{name} has {shipped!r}; another value is a correction, not a confirmation.")
        case ReviewResult.CONFIRMED if value is None and (shipped is None or shipped in ("", *_UNCHOSEN)):
            raise ReviewError(f"{name} has no settled {row.decides}; say what the text has with --value.")
        case ReviewResult.CORRECTED if same:
            raise ReviewError(f"A correction of {name} needs the value that the text has, other than {shipped!r}.")
        case ReviewResult.DOES_NOT_EXIST if row.table in {*SINGLE_TABLES, TREATY_TABLE}:
            raise ReviewError(f"{name} cannot be absent; correct its value, or mark it unclear.")
        case _:
            pass


def make_second(reviews: Sequence[Review], concerns: str, *, by: str, review_id: str, at: dt.datetime) -> Review:
    """The record by which a second person agrees with a review.

    Raises:
        ReviewError: there is no such review, it was withdrawn, or the same person made it.
    """
    standing = _found(reviews, concerns)
    if standing.withdrawn is not None:
        raise ReviewError(f"The review {concerns} was withdrawn.")
    if not by.strip() or same_person(by, standing.review.by):
        raise ReviewError(f"The second person must be another than {standing.review.by}.")
    _one_line(by)
    return Review(
        id=review_id, kind=ReviewKind.SECOND, datum=standing.review.datum, by=by.strip(), at=at, concerns=concerns
    )


def make_withdrawal(
    reviews: Sequence[Review], concerns: str, *, by: str, note: str, review_id: str, at: dt.datetime
) -> Review:
    """The record that withdraws a review.

    Raises:
        ReviewError: there is no such review, or it was withdrawn already.
    """
    standing = _found(reviews, concerns)
    if standing.withdrawn is not None:
        raise ReviewError(f"The review {concerns} was withdrawn already.")
    if not by.strip():
        raise ReviewError("A withdrawal needs the name of the person who makes it (--by).")
    _one_line(by, note)
    return Review(
        id=review_id,
        kind=ReviewKind.WITHDRAWAL,
        datum=standing.review.datum,
        note=note.strip(),
        by=by.strip(),
        at=at,
        concerns=concerns,
    )


def _found(reviews: Sequence[Review], concerns: str) -> Standing:
    for standing in standings(reviews):
        if standing.review.id == concerns:
            return standing
    raise ReviewError(f"There is no review {concerns!r}.")
