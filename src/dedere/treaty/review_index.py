"""The signed list of all reviews in a home: what stands on it and is not there was taken away, and that is said.

A record cannot be changed unseen, since it is signed; without this list one could be removed unseen, a withdrawal say.
The list is written before a new record takes its place, so that a crash between the two leaves nothing that looks
like a removal. Whoever puts back an older copy of the whole folder, list included, is not noticed here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.errors import DedereError
from dedere.base.identifiers import require_identifier
from dedere.treaty.errors import ReviewError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VERSION = "dedere-review-index/1"
INDEX = "index.json"


@dataclass(frozen=True, slots=True)
class ReviewIndex:
    """Every record by its id, with the SHA-256 of its bytes in hexadecimal."""

    digests: Mapping[str, str]

    def content(self) -> bytes:
        """The bytes that are signed."""
        listed = {"version": VERSION, "records": dict(sorted(self.digests.items()))}
        return json.dumps(listed, sort_keys=True, separators=(",", ":")).encode()

    def to_bytes(self, sign: Callable[[bytes], bytes]) -> bytes:
        """The bytes that are stored: the list and its signature in one file, so that both are replaced at once."""
        content = self.content()
        stored = {"list": content.decode(), "signature": base64.b64encode(sign(content)).decode()}
        return (json.dumps(stored, indent=2) + "\n").encode()


def open_index(data: bytes, *, check: Callable[[bytes, bytes], None]) -> ReviewIndex:
    """The list in `data`, its signature checked.

    Raises:
        ReviewError: it is no list, or was changed after it was signed.
    """
    try:
        stored = json.loads(data)
        content = stored["list"].encode()
        signature = base64.b64decode(stored["signature"], validate=True)
        listed = json.loads(content)
        digests = {require_identifier(key): str(digest) for key, digest in listed["records"].items()}
        index = ReviewIndex(digests)
        check(content, signature)
    except DedereError as error:
        raise ReviewError(
            f"{INDEX}, the list of all reviews, was changed after it was signed, or signed with a key that is not the "
            "authority's; restore it from a backup."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        raise ReviewError(f"{INDEX} is no list of reviews; restore it from a backup.") from error
    if index.content() != content:
        raise ReviewError(f"{INDEX} is no list of reviews of version {VERSION}; restore it from a backup.")
    return index


def require_complete(index: ReviewIndex, records: Mapping[str, bytes]) -> None:
    """Nothing when every record on the list is there as it was; `records` are their bytes by id.

    Raises:
        ReviewError: one is gone or another stands in its place.
    """
    for record, digest in index.digests.items():
        data = records.get(record)
        if data is None:
            raise ReviewError(
                f"The review {record} is on the signed list of all reviews and is not there; restore it from a backup. "
                "A review is withdrawn with `dedere law confirm --withdraw`, never removed."
            )
        if hashlib.sha256(data).hexdigest() != digest:
            raise ReviewError(f"The review {record} is another than the one on the signed list; restore it.")


def with_record(index: ReviewIndex | None, records: Mapping[str, bytes]) -> ReviewIndex:
    """The list with these records on it too."""
    known = dict(index.digests) if index is not None else {}
    return ReviewIndex(known | {record: hashlib.sha256(data).hexdigest() for record, data in records.items()})
