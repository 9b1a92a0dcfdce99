"""The one model of a request: what an officer drafts, what a request file holds, and what a letter carries.

A `RequestDraft` is the plain data of a request file with the few things procedure needs to know of it. Whether it is
complete in law is `findings`; whether it may be made now is `permitted`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.casework.acts import ActKind, ProceedingKind
from dedere.casework.procedure import load_procedure
from dedere.treaty.requestfile import RequestFile, parse_request_file, request_from_tables

if TYPE_CHECKING:
    from dedere.casework.acts import JSON, JSONObject


def opening_of(kind: str) -> tuple[ProceedingKind, ActKind]:
    """The proceeding that a request of this kind opens, and the act that carries it.

    Raises:
        InputError: no proceeding is opened by a request of this kind.
    """
    for form in load_procedure().proceedings.values():
        if kind in form.request_kinds:
            step = next(step for step in form.steps if step.opens and step.choice.fits({"variant": kind}))
            return form.kind, step.act
    raise InputError(f"No proceeding is opened by a request of the kind {kind[:40]!r}.")


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """A request before it is an act. `links` are ids of proceedings of the same case that it follows."""

    file: RequestFile
    links: tuple[str, ...] = field(default=())

    @classmethod
    def parse(cls, data: bytes, *, name: str) -> RequestDraft:
        """The draft in a request file, TOML or JSON by the ending of `name`.

        Raises:
            RequestFileError: the file is not in the format; every problem is named.
        """
        return cls(parse_request_file(data, name=name))

    @classmethod
    def from_tables(cls, tables: Mapping[str, object], *, name: str = "draft") -> RequestDraft:
        """The draft in tables that a page filled in or `as_json` gave.

        Raises:
            RequestFileError: the tables are not in the format.
        """
        return cls(request_from_tables(tables, name=name))

    @classmethod
    def from_body(cls, body: JSONObject) -> RequestDraft:
        """The draft that a letter carries.

        Raises:
            InputError: the body carries no request.
            RequestFileError: what it carries is not in the format.
        """
        request, links = body.get("request"), body.get("links")
        if not isinstance(request, Mapping):
            raise InputError("The act carries no request.")
        named = tuple(map(str, links)) if isinstance(links, (list, tuple)) else ()
        return cls(request_from_tables(request, name="letter"), named)

    @property
    def kind(self) -> str:
        """The kind of request in the law's words, e.g. "mla"."""
        return self.file.kind

    @property
    def opens(self) -> ProceedingKind:
        """The kind of proceeding that the request opens.

        Raises:
            InputError: no proceeding is opened by a request of this kind.
        """
        return opening_of(self.kind)[0]

    @property
    def act_kind(self) -> ActKind:
        """The kind of act that carries it: mostly a request, a proposal for a joint team."""
        return opening_of(self.kind)[1]

    def as_json(self) -> dict[str, object]:
        """The draft as plain data that `from_tables` reads back unchanged."""
        return self.file.as_json()

    def to_body(self) -> dict[str, JSON]:
        """The body of the act that carries the request."""
        opens, _ = opening_of(self.kind)
        body: dict[str, JSON] = {"opens": opens.value, "variant": self.kind, "request": _json(self.file.as_json())}
        if self.file.items:
            body["measures"] = self._measures()
        if self.links:
            body["links"] = list(self.links)
        return body

    def _measures(self) -> list[JSON]:
        deadline = self.file.text("request.deadline.date")
        measures: list[JSON] = []
        for item in self.file.items:
            measure: dict[str, JSON] = {"id": item.id, "kind": item.measure}
            if item.description:
                measure["description"] = item.description
            if deadline:
                measure["deadline"] = deadline
            measures.append(measure)
        return measures


def _json(value: object) -> JSON:
    if isinstance(value, Mapping):
        return {str(name): _json(below) for name, below in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(row) for row in value]
    return value if isinstance(value, (bool, int, float, str)) else None
