"""Items and their custody in the vocabulary CASE/UCO 1.x (JSON-LD), for tools of others. Nothing is judged from it.

An item is an observable file with its SHA-256; each ledger entry is an investigative action on it, performed by an
authority; the whole is one investigation. Words of the ledger map to terms of UCO's action vocabulary where one fits.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dedere.dossier.contents import CaseExport, ExportedItem
    from dedere.vault.ledger import CustodyEntry

_CONTEXT = {
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://ontology.caseontology.org/dedere-dossier/1")

_PREFIX = _SPACE.bytes
_TOGETHER = 1000

Node = dict[str, object]


def case_uco_pieces(export: CaseExport, items: Iterable[ExportedItem]) -> Iterator[bytes]:
    """The JSON-LD document, one node a line; the same for the same export. `items` are gone through once."""
    yield f'{{"@context":{_written(_CONTEXT)},"@graph":['.encode()
    for place, node in enumerate(_nodes(export, items)):
        yield (",\n" if place else "\n").encode() + _written(node).encode()
    yield b"\n]}\n"


def _nodes(export: CaseExport, items: Iterable[ExportedItem]) -> Iterator[Node]:
    authorities: set[str] = set()
    members: list[Node] = []
    for item in items:
        file = _file(item)
        actions = [_action(entry, item) for entry in item.ledger]
        authorities |= {entry.authority for entry in item.ledger if entry.authority}
        yield file
        yield from actions
        if actions:
            record = _provenance(item, actions)
            yield record
            members.append({"@id": record["@id"]})
        members.append({"@id": file["@id"]})
        if len(members) >= _TOGETHER:
            # A node may be told in several pieces: what has the same @id is one.
            yield _investigation(export, members)
            members.clear()
    yield from (_authority(name) for name in sorted(authorities))
    yield _investigation(export, members)


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _investigation(export: CaseExport, members: list[Node]) -> Node:
    node: Node = {
        "@id": _id("investigation", export.case),
        "@type": "case-investigation:Investigation",
        "uco-core:name": export.title,
        "uco-core:description": f"Dossier {export.id} of the case {export.case}.",
    }
    if members:
        node["uco-core:object"] = members
    return node


def _file(item: ExportedItem) -> Node:
    return {
        "@id": _id("item", item.id),
        "@type": "uco-observable:File",
        "uco-core:name": item.title or item.name,
        "uco-core:hasFacet": [
            {
                "@id": _id("file-facet", item.id),
                "@type": "uco-observable:FileFacet",
                "uco-observable:fileName": item.name,
                "uco-observable:sizeInBytes": {"@type": "xsd:integer", "@value": str(item.size)},
            },
            {
                "@id": _id("content-facet", item.id),
                "@type": "uco-observable:ContentDataFacet",
                "uco-observable:mimeType": item.media_type,
                "uco-observable:sizeInBytes": {"@type": "xsd:integer", "@value": str(item.size)},
                "uco-observable:hash": [
                    {
                        "@id": _id("hash", item.id),
                        "@type": "uco-types:Hash",
                        "uco-types:hashMethod": "SHA256",
                        "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": item.sha256.upper()},
                    }
                ],
            },
        ],
    }


def _action(entry: CustodyEntry, item: ExportedItem) -> Node:
    place = f"{item.id}/{entry.sequence}"
    described = [f"by {entry.by}", f"at {entry.place}" if entry.place else "", entry.note]
    node: Node = {
        "@id": _id("action", place),
        "@type": "case-investigation:InvestigativeAction",
        "uco-core:name": entry.event,
        "uco-core:description": "; ".join(filter(None, described)),
        "uco-action:startTime": {"@type": "xsd:dateTime", "@value": entry.at},
        "uco-action:endTime": {"@type": "xsd:dateTime", "@value": entry.at},
        "uco-action:object": {"@id": _id("item", item.id)},
    }
    if entry.authority:
        node["uco-action:performer"] = {"@id": _id("authority", entry.authority)}
    return node


def _provenance(item: ExportedItem, actions: Iterable[Node]) -> Node:
    return {
        "@id": _id("provenance", item.id),
        "@type": "case-investigation:ProvenanceRecord",
        "case-investigation:exhibitNumber": item.id,
        "uco-core:description": f"Custody of {item.name}: {', '.join(entry.event for entry in item.ledger)}",
        "uco-core:object": [{"@id": _id("item", item.id)}, *({"@id": action["@id"]} for action in actions)],
    }


def _authority(name: str) -> Node:
    return {"@id": _id("authority", name), "@type": "uco-identity:Organization", "uco-core:name": name}


def _id(kind: str, name: str) -> str:
    """The urn of `uuid.uuid5(_SPACE, kind/name)` (RFC 9562, 5.5), written out: a dossier has many."""
    digest = bytearray(hashlib.sha1(_PREFIX + f"{kind}/{name}".encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
