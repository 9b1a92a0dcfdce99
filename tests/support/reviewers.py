"""Reviews for tests: who makes them, and a signature that is a digest, enough to notice a changed byte. All invented."""

from __future__ import annotations

import functools
import hashlib
from typing import TYPE_CHECKING

from dedere.base.errors import MessageError
from dedere.base.identifiers import SeededIdentifiers
from dedere.treaty.loading import packaged_data, packaged_documents, read_registers
from dedere.treaty.rawrows import RawRow, raw_rows
from dedere.treaty.reviewing import Statement, make_review, make_second, make_withdrawal
from support.lawbook import NOW

if TYPE_CHECKING:
    import datetime as dt

    from dedere.treaty.review import Review, ReviewResult

FIRST, OTHER = "A. Jansen", "B. Diop"
CITE = "Trb. 2024, 39, Article 99 (invented)"


@functools.cache
def rows() -> dict[str, RawRow]:
    """The packaged rows as shipped."""
    documents = packaged_documents()
    return raw_rows(documents, read_registers(packaged_data(), documents))


class Reviewers:
    """Makes records with identifiers that are the same in every run."""

    def __init__(self) -> None:
        self._ids = SeededIdentifiers("reviewers")
        self._rows = rows()

    def review(
        self,
        datum: str,
        value: str | None = None,
        *,
        field: str = "",
        result: ReviewResult | None = None,
        by: str = FIRST,
        at: dt.datetime = NOW,
    ) -> Review:
        """A review of a packaged row."""
        statement = Statement(by=by, cite=CITE, field=field, result=result, value=value)
        return make_review(self._rows[datum], statement, review_id=self._ids.new(), at=at)

    def second(self, *reviews: Review, by: str = OTHER) -> Review:
        """The second person's agreement with the last of `reviews`."""
        return make_second(reviews, reviews[-1].id, by=by, review_id=self._ids.new(), at=NOW)

    def withdrawal(self, *reviews: Review, by: str = FIRST) -> Review:
        """The withdrawal of the last of `reviews`."""
        return make_withdrawal(reviews, reviews[-1].id, by=by, note="", review_id=self._ids.new(), at=NOW)


def signed(data: bytes) -> bytes:
    """The stand-in for a signature."""
    return hashlib.sha256(data).digest()


def check(data: bytes, signature: bytes) -> None:
    """Refuses when a byte has changed."""
    if signed(data) != signature:
        raise MessageError("The signature does not fit.")
