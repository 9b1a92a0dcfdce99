"""From letters to the state of the case: the one place where a signed letter becomes what the fold reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from dedere.base.errors import InputError
from dedere.casework.acts import JSONObject, PartFacts, RecordedAct, parse_kind
from dedere.casework.fold import fold
from dedere.crypto.canonical import canonical_json
from dedere.protocol.errors import ContentRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.casework.state import CaseState
    from dedere.protocol.letter import Letter


def recorded_act(letter: Letter, digest: str) -> RecordedAct:
    """The letter as casework records it; `digest` is of its container.

    Raises:
        ContentRefusedError: its act is of a kind that casework does not know.
    """
    act = letter.act
    try:
        kind = parse_kind(str(act["kind"]))
    except InputError as error:
        raise ContentRefusedError(f"The letter carries an act of an unknown kind: {error}") from error
    return RecordedAct(
        letter=letter.id,
        digest=digest,
        case=letter.case,
        proceeding=str(act["proceeding"]),
        sender=letter.sender.state,
        recipient=letter.recipient.state,
        sequence=letter.sequence,
        answers=tuple((ref.id, ref.digest) for ref in letter.answers),
        sealed_at=letter.sealed_at,
        kind=kind,
        # The schema of letters has checked that both are JSON objects.
        officer=cast("JSONObject", act["officer"]),
        body=cast("JSONObject", act["body"]),
        parts=tuple(
            PartFacts(
                id=part.id,
                name=part.name,
                media_type=part.media_type,
                size=part.size,
                sha256=part.sha256,
                conditions=tuple(cast("JSONObject", condition) for condition in part.conditions),
            )
            for part in letter.parts
        ),
    )


def fold_record(case: str, acts: Iterable[RecordedAct]) -> tuple[CaseState, bytes]:
    """The state of the case and its canonical bytes, whose SHA-256 is the record digest."""
    state = fold(case, acts)
    return state, canonical_json(state.as_json())
