"""The exporter's audit log, as far as it concerns the case, and the items in the vocabulary of other tools."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.base.errors import MessageError
from dedere.crypto.canonical import canonical_json, parse_canonical
from dedere.crypto.merkle import leaf_hash, verify_inclusion
from dedere.dossier import layout
from dedere.dossier.checks.trust import read_signed, signed_by
from dedere.dossier.plan import failed, indeterminate, note, refused
from dedere.dossier.reading import SMALL, read_small, readable
from dedere.protocol.log import Head, accept_countersignature, require_extends, verified_head
from dedere.protocol.receipt import RECEIPT_LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from dedere.dossier.description import AuditPart, WitnessLine
    from dedere.dossier.plan import Scene
    from dedere.dossier.report import Remark

_LONGEST_LINE = SMALL
"""Bytes of one node: the investigation, which names every other, is the longest."""


def check_audit(scene: Scene) -> Iterator[Remark]:
    """Each entry is proven to stand in the log whose size and root the exporter signed, and which partners witness."""
    audit = scene.description.audit
    if audit is None:
        yield note("The dossier has no extract of an audit log.")
        if scene.held or scene.description.witnesses:
            yield failed("There is no log to compare the countersigned heads with.")
        return
    yield from _checkpoint(scene, audit)
    root = _hexadecimal(audit.root)
    with scene.members.open(audit.extract) as lines, readable(audit.extract):
        for number, line in enumerate(lines, start=1):
            scene.counted += 1
            fault = _prove(line.removesuffix(b"\n"), size=audit.size, root=root)
            if fault:
                yield failed(f"Line {number}: {fault}", audit.extract)
    if scene.counted != audit.entries:
        yield failed(f"The extract has {scene.counted} entries; {audit.entries} were exported.", audit.extract)
    for witness in scene.description.witnesses:
        yield from _witness(scene, witness, Head(audit.size, audit.root))
    for held in scene.held:
        yield _held(scene, held, Head(audit.size, audit.root))


def _checkpoint(scene: Scene, audit: AuditPart) -> Iterator[Remark]:
    description = scene.description
    opened, checkpoint = read_signed(
        scene, audit.checkpoint, inner=layout.CHECKPOINT_MEMBER, version=layout.CHECKPOINT_VERSION
    )
    expected = {
        "version": layout.CHECKPOINT_VERSION,
        "exporter": description.exporter.as_json(),
        "exported_at": format_instant(description.exported_at),
        "size": audit.size,
        "root": audit.root,
    }
    if checkpoint != expected:
        yield failed("The signed checkpoint is not the one that the description names.", audit.checkpoint)
    at = description.exported_at
    yield from signed_by(scene, opened, description.exporter, at=at, member=audit.checkpoint)


def _witness(scene: Scene, line: WitnessLine, head: Head) -> Iterator[Remark]:
    """P-248: a partner signed that it holds an earlier head of this log, and the log at export extends that head."""
    description, member = scene.description, line.member
    try:
        found = accept_countersignature(
            read_small(scene.members, member, limit=RECEIPT_LIMITS.total_bytes),
            by=line.state,
            of=description.exporter.state,
            directory=scene.directory,
            now=description.exported_at,
        )
        if found.head != Head(line.size, line.root):
            yield failed("The countersignature is of another head than the description names.", member)
        require_extends(head, found.head, tuple(map(str, line.proof)))
    except MessageError as error:
        yield refused(error, member)
    except ValueError:
        yield failed("The proof that the log extends the countersigned head is no proof.", member)
    else:
        since = format_instant(found.held_at)
        yield note(f"{line.state} holds the head of the first {line.size} entries since {since}.", member)


def _held(scene: Scene, data: bytes, head: Head) -> Remark:
    """A head of this log that whoever verifies holds from elsewhere, as it was signed."""
    description = scene.description
    try:
        log, held = verified_head(data, directory=scene.directory, now=description.exported_at)
    except MessageError as error:
        return refused(error)
    if log.state != description.exporter.state:
        return failed(f"The head that is held here is one of the log of {log.state}, not of the exporter's.")
    known = {head.size: head.root} | {line.size: line.root for line in description.witnesses}
    if held.size not in known:
        return indeterminate(f"The dossier has no proof for the head of {held.size} entries that is held here.")
    if known[held.size] != held.root:
        return failed(f"The log is not the one whose head of {held.size} entries is held here: it was rewritten.")
    return note(f"The head of {held.size} entries that is held here is one of this log.")


def _prove(line: bytes, *, size: int, root: bytes) -> str:
    try:
        value = parse_canonical(line)
        if not isinstance(value, dict) or value.keys() != {"index", "entry", "proof"}:
            return "it is no entry of an extract."
        index, proof = value["index"], value["proof"]
        if type(index) is not int or not isinstance(proof, list):
            return "it is no entry of an extract."
        leaf = leaf_hash(canonical_json(value["entry"]))
        path = [_hexadecimal(str(step)) for step in proof]
        verify_inclusion(leaf, index=index, size=size, proof=path, root=root)
    except MessageError as error:
        return f"it is not proven to stand in the log: {error.sentence}"
    return ""


def _hexadecimal(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""  # proves nothing, and is refused as that


def check_vocabulary(scene: Scene) -> Iterator[Remark]:
    """The CASE/UCO document is JSON and speaks of the same items, by their digests."""
    member = scene.description.case_uco
    digests: set[str] = set()
    try:
        for node in _graph(scene, member):
            if node["@type"] == "uco-observable:File":
                scene.counted += 1
                digests |= _stated_digests(node)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        yield failed("The document cannot be read.", member)
        return
    exported = {item.sha256 for item in scene.description.items if item.ledger or item.member}
    if not exported <= digests:
        yield failed("The document leaves out items of the dossier.", member)
    if digests - {item.sha256 for item in scene.description.items}:
        yield failed("The document speaks of items that the dossier does not have.", member)


def _graph(scene: Scene, member: str) -> Iterator[Mapping[str, Any]]:
    """The nodes of the document. One that has a node a line, as this exporter writes it, is never held whole."""
    with scene.members.open(member) as lines, readable(member):
        first = lines.readline(_LONGEST_LINE)
        if first.endswith(b'"@graph":[\n'):
            json.loads(first + b"]}")
            while (line := lines.readline(_LONGEST_LINE)) not in (b"]}\n", b""):
                yield json.loads(line.decode().removesuffix("\n").removesuffix(","))
            if line == b"" or lines.read(1):
                raise ValueError("The document does not end where its graph ends.")
            return
    yield from json.loads(read_small(scene.members, member))["@graph"]


def _stated_digests(node: Mapping[str, Any]) -> set[str]:
    return {
        facet["uco-observable:hash"][0]["uco-types:hashValue"]["@value"].lower()
        for facet in node["uco-core:hasFacet"]
        if "uco-observable:hash" in facet
    }
