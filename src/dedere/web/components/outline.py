"""The draft of a request as a task list: which fields of the request file stand in which section, in what order.

The fields, their shapes and their words come from the published format (`dedere.treaty.requestfile_schema`); here is
only their order on the pages. A field that no section names falls into the section of its group's own kind, so that a
later version of the format shows its new fields without a change here.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from dedere.treaty.requestfile_schema import Field, Shape, fields
from dedere.web.components.readable import Line, readable
from dedere.web.components.tables import is_blank, value_at, with_values

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Section:
    """One task: plain fields, and lists whose rows have a page each. `prefixes` are data paths of the format."""

    slug: str
    title: _StrPromise
    prefixes: tuple[str, ...]

    def plain_fields(self) -> tuple[Field, ...]:
        """The fields of this section that stand outside lists."""
        return tuple(field for field in _leaves() if self._holds(field.path) and list_above(field.path) == "")

    def lists(self) -> tuple[Field, ...]:
        """The lists of this section."""
        return tuple(field for field in fields().values() if field.shape is Shape.ROWS and self._holds(field.path))

    def _holds(self, path: str) -> bool:
        return any(path == prefix or path.startswith(f"{prefix}.") for prefix in self.prefixes)


_COMMON = (
    Section(
        "authorities",
        _("Authorities and contact"),
        (
            "request.reference",
            "request.dated",
            "request.requesting_authority",
            "request.addressee",
            "request.channel",
            "request.written_record",
            "request.authenticity",
            "request.signature",
            "request.contact",
        ),
    ),
    Section("basis", _("Legal basis"), ("request.legal_basis",)),
    Section("proceeding", _("The proceeding behind the request"), ("request.proceeding",)),
    Section("facts", _("Facts"), ("request.facts",)),
    Section("crimes", _("Crimes and domestic law"), ("request.crime", "request.offence", "request.scope")),
    Section("persons", _("Persons"), ("request.persons",)),
    Section("assistance", _("Assistance asked for"), ("request.assistance",)),
    Section("time", _("Time and urgency"), ("request.deadline", "request.urgent")),
    Section(
        "protection",
        _("Confidentiality and protection"),
        (
            "request.confidentiality",
            "request.protection_needs",
            "request.use_limits",
            "request.informal_contacts",
            "request.related",
        ),
    ),
    Section("assurances", _("Assurances"), ("request.assurances",)),
    Section("language", _("Language and translation"), ("request.language", "request.translation")),
    Section("annexes", _("Attachments"), ("request.annexes",)),
    Section("left-out", _("Left out on purpose"), ("request.left_out",)),
)

_OWN: Mapping[str, Section] = {
    "mla": Section("measures", _("Details of the measures"), ("measure",)),
    "extradition": Section("extradition", _("Extradition"), ("extradition",)),
    "provisional-arrest": Section("provisional-arrest", _("Provisional arrest"), ("provisional_arrest",)),
    "simplified-extradition": Section("simplified", _("Simplified extradition"), ("simplified",)),
    "transit": Section("transit", _("Transit"), ("transit",)),
    "property": Section("property", _("Handing over property"), ("property",)),
    "speciality-consent": Section("speciality", _("Consent to another prosecution"), ("speciality",)),
    "re-extradition-consent": Section("re-extradition", _("Consent to re-extradition"), ("re_extradition",)),
    "prosecution-of-national": Section("prosecution", _("Prosecution"), ("prosecution",)),
    "transfer": Section("transfer", _("Transfer of a sentenced person"), ("transfer",)),
    "transfer-interest": Section("transfer", _("Transfer of a sentenced person"), ("transfer",)),
    "transfer-provisional": Section("transfer", _("Transfer of a sentenced person"), ("transfer",)),
    "jit": Section("jit", _("Joint investigation team"), ("jit",)),
    "spontaneous-information": Section("information", _("Information"), ("spontaneous",)),
}


def sections_for(kind: str) -> tuple[Section, ...]:
    """The tasks of a request of this kind, in the order in which an officer thinks of them."""
    own = _OWN.get(kind)
    before = 7
    return (*_COMMON[:before], *((own,) if own else ()), *_COMMON[before:])


def section_of(kind: str, slug: str) -> Section | None:
    """The section with this slug, if a request of this kind has one."""
    return next((section for section in sections_for(kind) if section.slug == slug), None)


def section_holding(kind: str, path: str) -> Section | None:
    """The section where a finding's data path is worked on; indices of rows do not matter."""
    bare = without_indices(path)
    for section in sections_for(kind):
        if any(bare == prefix or bare.startswith(f"{prefix}.") for prefix in section.prefixes):
            return section
    return None


def without_indices(path: str) -> str:
    """`request.persons[2].name` as `request.persons.name`."""
    return ".".join(part.partition("[")[0] for part in path.split("."))


def row_fields(path: str) -> tuple[Field, ...]:
    """The fields of one row of a list, groups inside the row opened, lists inside it left out."""
    return tuple(field for field in _leaves() if field.path.startswith(f"{path}.") and list_above(field.path) == path)


@functools.cache
def list_above(path: str) -> str:
    """The innermost list that a field stands in, empty for none."""
    parts = path.split(".")
    for length in range(len(parts) - 1, 0, -1):
        above = ".".join(parts[:length])
        if above in fields() and fields()[above].shape is Shape.ROWS:
            return above
    return ""


@functools.cache
def _leaves() -> tuple[Field, ...]:
    return tuple(field for field in fields().values() if field.shape not in (Shape.GROUP, Shape.ROWS))


def only(found: Iterable[Field], hidden: frozenset[str]) -> tuple[Field, ...]:
    """The fields an officer fills in; what the node fills in by itself is left out."""
    return tuple(field for field in found if field.path not in hidden)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One section of a request as a reader sees it."""

    title: str
    lines: tuple[Line, ...]


def chapters_of(tables: Mapping[str, object]) -> tuple[Chapter, ...]:
    """A request in the order of its sections; what no section names stands at the end, so that nothing is left out."""
    kind = str(value_at(tables, "request.kind") or "mla")
    left: Mapping[str, object] = _ordered(tables)
    chapters = []
    for section in sections_for(kind):
        found = {prefix.rpartition(".")[2]: value_at(left, prefix) for prefix in section.prefixes}
        left = with_values(left, dict.fromkeys(section.prefixes))
        lines = readable(_opened(found))
        if lines:
            chapters.append(Chapter(str(section.title), lines))
    rest = readable(_opened(left))
    return (*chapters, Chapter(str(_("Other")), rest)) if rest else tuple(chapters)


def _ordered(table: Mapping[str, object], above: str = "") -> dict[str, object]:
    """The table in the order of the format; letters come in the order of canonical JSON, which is the alphabet's."""
    paths = {name: f"{above}.{name}" if above else name for name in table}
    last = len(fields())
    order = {path: place for place, path in enumerate(fields())}
    names = sorted(table, key=lambda name: order.get(paths[name], last))
    return {name: _ordered_value(table[name], paths[name]) for name in names}


def _ordered_value(value: object, path: str) -> object:
    if isinstance(value, Mapping):
        return _ordered(value, path)
    if isinstance(value, list | tuple):
        return [_ordered_value(entry, path) for entry in value]
    return value


def _opened(found: Mapping[str, object]) -> dict[str, object]:
    """A chapter of one group shows what is inside it, without a heading of the same name above."""
    filled = {name: value for name, value in found.items() if not is_blank(value)}
    only_one = next(iter(filled.values())) if len(filled) == 1 else None
    return dict(only_one) if isinstance(only_one, Mapping) else filled


def body_shown(body: object) -> dict[str, object]:
    """The body of any act for `components/act_body.html`: a request by its sections, every other act line by line."""
    if not isinstance(body, Mapping):
        return {}
    request = body.get("request")
    if not isinstance(request, Mapping):
        return {"lines": readable(body)}
    rest = {name: value for name, value in body.items() if name not in _IN_REQUEST}
    return {"chapters": chapters_of(request), "lines": readable(rest)}


# What the body of a request says twice: its measures are the items of the request, its kind is the heading.
_IN_REQUEST = frozenset({"request", "measures", "opens", "variant"})
