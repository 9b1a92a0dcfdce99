"""Pieces of act bodies that many stories need. Nothing in them is real."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from support.letters import digest_of

if TYPE_CHECKING:
    from dedere.casework.acts import JSON

# A body is spread beside typed keywords; every value of it is checked by the fold itself.
Body: TypeAlias = dict[str, Any]

REASONS = "The measure would prejudice an investigation here that has been open since spring (fictional)."


def question(identifier: str, **more: JSON) -> Body:
    """A question."""
    return {"id": identifier, "text": f"What about {identifier}?", **more}


def condition(identifier: str, kind: str = "use-limitation", **more: JSON) -> Body:
    """A condition of use."""
    return {"id": identifier, "kind": kind, "text": f"Condition {identifier}.", **more}


def ground(identifier: str = "mla.ground.essential-interests", **more: JSON) -> Body:
    """A ground as a refusal quotes it."""
    return {
        "id": identifier,
        "instrument": "lhc",
        "provision": "mla.grounds",
        "force": "may",
        "status": "modelled",
        "title": "Sovereignty, security, public order or other essential interests",
        **more,
    }


def refusing(consultation: str = "k1", **more: JSON) -> Body:
    """The body of a refusal after a consultation."""
    return {
        "consultation": consultation,
        "grounds": [ground()],
        "reasons": REASONS,
        "alternatives": [{"kind": "postpone", "considered": "Waiting would not help."}],
        **more,
    }


def consulting(about: str, identifier: str = "k1", **more: JSON) -> Body:
    """The body of a consultation."""
    return {"consultation": identifier, "about": about, "text": f"We think of {about}.", **more}


def receipt(*names: str, **more: JSON) -> Body:
    """A custody receipt for one item, whole; `names` are the part's name and the conditions accepted with it."""
    item, *accepted = names
    replies: list[JSON] = [{"condition": name, "accepted": True} for name in accepted]
    return {"item": f"part-{item}", "sha256": digest_of(item), "intact": True, "condition_replies": replies, **more}


def request(kind: str = "mla") -> Body:
    """The tables of a request, as short as can be."""
    return {"request": {"kind": kind, "facts": {"summary": "A mill burned (fictional)."}}}
