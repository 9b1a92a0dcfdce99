"""The JSON member of a container: canonical bytes, a known version, exactly what the published schema says.

Requirements P-031 to P-034. The schemas in `schema/` are the published ones; there is no second description of a
format in code. A schema of a published version is never edited; a new version is a new file.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any

from dedere.crypto.canonical import canonical_json, parse_canonical
from dedere.crypto.errors import CanonicalError
from dedere.protocol.errors import ContentRefusedError, ProtocolUseError

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

    from dedere.protocol.container import OpenedContainer

# A JSON object whose shape its schema has checked: the values are what the schema says they are.
Checked = Mapping[str, Any]

MAX_JSON_BYTES = 16 * 1024 * 1024
# version string → schema file. New versions are added, old ones stay.
VERSIONS: Mapping[str, str] = {
    "dedere-letter/1": "letter-1",
    "dedere-card/1": "card-1",
    "dedere-machine-receipt/1": "machine-receipt-1",
    "dedere-part-receipt/1": "part-receipt-1",
    "dedere-mailbox/1": "mailbox-1",
    "dedere-carrier/1": "carrier-1",
    "dedere-log-checkpoint/1": "log-checkpoint-1",
    "dedere-log-countersignature/1": "log-countersignature-1",
}


def require_member(opened: OpenedContainer, name: str, *, kinds: tuple[str, ...]) -> Checked:
    """The JSON object in member `name`, checked; `kinds` are the words it may be, e.g. `letter` for `dedere-letter/1`.

    Raises:
        ContentRefusedError: the member is absent, not canonical, of an unknown version or against its schema.
    """
    data = opened.members.get(name)
    if data is None:
        raise ContentRefusedError(f"The container has no member {name}.", code="content-missing")
    return check_content(data, kinds=kinds)


def check_content(data: bytes, *, kinds: tuple[str, ...]) -> Checked:
    """The JSON object in `data`, checked as `require_member` does."""
    if len(data) > MAX_JSON_BYTES:
        raise ContentRefusedError("A JSON member is larger than the limit.", code="content-schema")
    try:
        value = parse_canonical(data)
    except CanonicalError as error:
        raise ContentRefusedError(f"A JSON member is not canonical: {error}", code="content-canonical") from error
    version = value.get("version") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(version, str):
        raise ContentRefusedError("A JSON member has no version.", code="content-version")
    if version not in VERSIONS or _kind(version) not in kinds:
        raise ContentRefusedError("A JSON member has a version that is not known here.", code="content-version")
    fault = next(_validator(VERSIONS[version]).iter_errors(value), None)
    if fault is not None:
        place = "/".join(str(step) for step in fault.absolute_path)[:100]
        raise ContentRefusedError(
            f"A JSON member is not what its schema says at {place or 'its top'}.", code="content-schema"
        )
    return value


def write_content(value: Mapping[str, object]) -> bytes:
    """The canonical bytes of `value`, which must pass the schema of its own version: nothing unreadable is sent.

    Raises:
        ProtocolUseError: it does not.
    """
    data = canonical_json(value)
    try:
        check_content(data, kinds=(_kind(str(value.get("version"))),))
    except ContentRefusedError as error:
        raise ProtocolUseError(f"What was to be packed would be refused by its reader: {error}") from error
    return data


def load_schema(name: str) -> dict[str, object]:
    """The published schema `name` (e.g. `letter-1`) as JSON."""
    text = resources.files("dedere.protocol").joinpath("schema", f"{name}.json").read_text("utf-8")
    schema: dict[str, object] = json.loads(text)
    return schema


def _kind(version: str) -> str:
    return version.partition("/")[0].removeprefix("dedere-")


@functools.cache
def _validator(name: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - a third of what starting a process costs

    return Draft202012Validator(load_schema(name))
