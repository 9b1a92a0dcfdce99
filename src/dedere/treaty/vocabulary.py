"""The open vocabularies of the law's data: names of events, and ordinary labels of conduct."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.treaty.document import Document, Place
from dedere.treaty.readers import SCHEMA_VERSION, WHOLE
from dedere.treaty.schema import EVENTS, LABEL, Key

if TYPE_CHECKING:
    from collections.abc import Mapping

TOP = (Key("schema", SCHEMA_VERSION, "version of the schema"), Key("revision", WHOLE, "raised with every change"))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`events`: each event and the heading of its group. `labels`: each name of conduct and what people read."""

    events: Mapping[str, str]
    labels: Mapping[str, str]


def read_vocabulary(document: Document) -> Vocabulary:
    """The vocabulary in `document`.

    Raises:
        LawDataError: the file breaks its schema, or names an event twice.
    """
    document.expect_tables(["schema", "revision", "events", "label"])
    events: dict[str, str] = {}
    for place, raw in document.rows("events"):
        group = document.read(place, raw, EVENTS)
        for event in group["events"]:
            if event in events:
                raise document.refusal(place, "events", f"expected each event once, found {event!r} again.")
            events[event] = group["name"]
    labels = {}
    for place, raw in document.rows("label"):
        label = document.read(place, raw, LABEL)
        labels[label["word"]] = label["name"]
    return Vocabulary(events, labels)


def read_top(document: Document) -> int:
    """The revision of a file whose schema and revision stand at its top."""
    top = {key: value for key, value in document.data.items() if not isinstance(value, list)}
    return int(document.read(Place(""), top, TOP)["revision"])
