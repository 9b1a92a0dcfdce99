"""Scenarios of containers: every way in which a zip can lie."""

from __future__ import annotations

import hashlib
import struct
import zlib
from typing import TYPE_CHECKING

from dedere.protocol.archive import write_archive
from dedere.protocol.container import MIMETYPE, pack_container
from dedere.protocol.manifest import write_manifest
from support import exchange, pki
from support.vectors import Scenario, encode, refused
from support.zips import Entry, Zip, entries_of, with_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SIGNATURE = "META-INF/signature001.p7s"
MANIFEST = "META-INF/ASiCManifest001.xml"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def plain_members() -> dict[str, bytes]:
    """The payload of a small container."""
    return {"note.txt": b"a fictional note\n", "receipt.json": b"{}"}


def members(payload: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """All members of a sound small container, with a signature that is one."""
    payload = plain_members() if payload is None else payload
    packed = pack_container(payload, signer=pki.state("NL").authority.signer, signed_at=exchange.NOW)
    manifest = write_manifest(SIGNATURE, {name: hashlib.sha256(data).digest() for name, data in payload.items()})
    start = packed.index(SIGNATURE.encode()) + len(SIGNATURE)
    size = struct.unpack_from("<I", packed, packed.index(SIGNATURE.encode()) - 8)[0]
    return {"mimetype": MIMETYPE, **payload, MANIFEST: manifest, SIGNATURE: packed[start : start + size]}


def with_manifest(xml: str | bytes) -> bytes:
    """A container whose manifest is `xml`."""
    data = xml if isinstance(xml, bytes) else xml.encode()
    return write_archive({**members(), MANIFEST: data})


def manifest_text() -> str:
    """The manifest of a sound container."""
    return members()[MANIFEST].decode()


def renamed(name: bytes) -> bytes:
    """A container whose first payload member is called `name`."""
    return with_entry(members(), "note.txt", name=name)


def _compressed() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = packer.compress(bytes(10_000_000)) + packer.flush()
    return with_entry(members(), "note.txt", content=bomb, method=8)


def _directory_names_other() -> bytes:
    entries = entries_of(members())
    other = Entry(b"other.txt", entries[1].content)
    return Zip(entries, [entries[0], other, *entries[2:]]).data()


def _hidden_member() -> bytes:
    entries = entries_of(members())
    return Zip(entries, [entry for entry in entries if entry.name != b"note.txt"]).data()


def _good() -> bytes:
    return write_archive(members())


def _manifest_lacks() -> str:
    digests = {"note.txt": hashlib.sha256(plain_members()["note.txt"]).digest()}
    return write_manifest(SIGNATURE, digests).decode()


def _manifest_has_more() -> str:
    digests = {name: hashlib.sha256(data).digest() for name, data in plain_members().items()}
    return write_manifest(SIGNATURE, {**digests, "gone.txt": bytes(32)}).decode()


# name: (title, requirement, the bytes, the expected code)
_ROWS: dict[str, tuple[str, str, Callable[[], bytes], str]] = {
    "empty": ("Nothing at all", "P-011", lambda: b"", "container-truncated"),
    "not-a-zip": ("Text instead of a zip", "P-011", lambda: b"This is no zip.", "container-form"),
    "truncated-header": ("Cut within a header", "P-011", lambda: _good()[:20], "container-truncated"),
    "truncated-name": ("Cut within a name", "P-011", lambda: _good()[:34], "container-truncated"),
    "truncated-member": ("Cut within a member", "P-011", lambda: _good()[:60], "container-truncated"),
    "truncated-directory": ("Cut within the directory", "P-016", lambda: _good()[:-10], "container-truncated"),
    "trailing-garbage": ("A byte after the end", "P-016", lambda: _good() + b"\0", "container-trailing"),
    "comment": ("A zip comment", "P-016", lambda: Zip(entries_of(members()), comment=b"hi").data(), "container-form"),
    "leading-garbage": ("A byte before the beginning", "P-011", lambda: b"\0" + _good(), "container-form"),
    "directory-names-other": ("The directory names another member", "P-016", _directory_names_other, "container-form"),
    "hidden-member": ("A member that the directory hides", "P-016", _hidden_member, "container-form"),
    "name-parent": ("A name that climbs out", "P-012", lambda: renamed(b"../note.txt"), "container-name"),
    "name-parent-inside": ("A name that climbs inside", "P-012", lambda: renamed(b"a/../../b"), "container-name"),
    "name-absolute": ("An absolute name", "P-012", lambda: renamed(b"/etc/passwd"), "container-name"),
    "name-backslash": ("A name with a backslash", "P-012", lambda: renamed(b"a\\b.txt"), "container-name"),
    "name-drive": ("A name with a drive", "P-012", lambda: renamed(b"c:note.txt"), "container-name"),
    "name-not-ascii": ("A name in other characters", "P-012", lambda: renamed("nöte.txt".encode()), "container-name"),
    "name-not-utf8": ("A name in no encoding", "P-012", lambda: renamed(b"n\xff.txt"), "container-name"),
    "name-empty": ("No name", "P-012", lambda: renamed(b""), "container-name"),
    "name-folder": ("A folder as a member", "P-012", lambda: renamed(b"folder/"), "container-name"),
    "name-zero": ("A name with a zero byte", "P-012", lambda: renamed(b"a\0b.txt"), "container-name"),
    "name-long": ("A name of 300 characters", "P-012", lambda: renamed(b"a" * 300), "container-name"),
    "duplicate": (
        "Two members of one name",
        "P-013",
        lambda: Zip([*entries_of(members()), Entry(b"note.txt", b"another")]).data(),
        "container-duplicate",
    ),
    "duplicate-by-case": (
        "Two names that differ by case only",
        "P-013",
        lambda: Zip([*entries_of(members()), Entry(b"NOTE.txt", b"another")]).data(),
        "container-duplicate",
    ),
    "bomb": ("A member that would grow a thousandfold", "P-014", _compressed, "container-compressed"),
    "encrypted": (
        "An encrypted member",
        "P-014",
        lambda: with_entry(members(), "note.txt", flags=1),
        "container-compressed",
    ),
    "streamed": (
        "Sizes in a descriptor after the member",
        "P-014",
        lambda: with_entry(members(), "note.txt", flags=8),
        "container-form",
    ),
    "zip64": (
        "Sizes that point to a 64-bit field",
        "P-015",
        lambda: with_entry(members(), "note.txt", size=0xFFFFFFFF),
        "container-limits",
    ),
    "size-lie": (
        "A size beyond the end",
        "P-011",
        lambda: with_entry(members(), "note.txt", size=200_000),
        "container-truncated",
    ),
    "extra-field": (
        "An extra field",
        "P-014",
        lambda: with_entry(members(), "note.txt", extra=b"\x01\x00\x00\x00"),
        "container-form",
    ),
    "dated": (
        "A member with a date",
        "P-014",
        lambda: with_entry(members(), "note.txt", date=0x5A21),
        "container-form",
    ),
    "checksum": (
        "A wrong checksum",
        "P-014",
        lambda: with_entry(members(), "note.txt", checksum=1),
        "container-checksum",
    ),
    "too-many-members": (
        "Five hundred members",
        "P-015",
        lambda: Zip([Entry(f"n{number}".encode(), b"") for number in range(500)]).data(),
        "container-limits",
    ),
    "too-large": ("Larger than its kind may be", "P-015", lambda: _good() + bytes(300_000), "container-limits"),
    "no-mimetype": (
        "No media type",
        "P-002",
        lambda: write_archive({name: data for name, data in members().items() if name != "mimetype"}),
        "container-form",
    ),
    "other-mimetype": (
        "Another media type",
        "P-002",
        lambda: write_archive({**members(), "mimetype": b"application/zip"}),
        "container-form",
    ),
    "members-out-of-order": (
        "Payload members in another order",
        "P-003",
        lambda: write_archive({"mimetype": MIMETYPE, **dict(reversed(list(members().items())[1:3])), **members()}),
        "container-form",
    ),
    "no-signature": (
        "No signature",
        "P-004",
        lambda: write_archive({name: data for name, data in members().items() if not name.startswith("META")}),
        "container-form",
    ),
    "third-signature": (
        "More signatures than two",
        "P-004",
        lambda: write_archive(
            {
                **members({"note.txt": b"a fictional note"}),
                "META-INF/ASiCManifest002.xml": b"",
                "META-INF/signature002.p7s": b"",
                "META-INF/ASiCManifest003.xml": b"",
                "META-INF/signature003.p7s": b"",
            }
        ),
        "container-form",
    ),
    "unknown-meta-member": (
        "An unknown member in META-INF",
        "P-003",
        lambda: write_archive({**members(), "META-INF/manifest.xml": b"<x/>"}),
        "container-form",
    ),
    "padding-not-zero": (
        "A hidden word in the padding",
        "P-026",
        lambda: write_archive({**members(), "META-INF/padding": b"hidden"}),
        "container-padding",
    ),
    "padding-other-size": (
        "Padding that misses the size class",
        "P-026",
        lambda: write_archive({**members(), "META-INF/padding": bytes(100)}),
        "container-padding",
    ),
    "manifest-empty": ("An empty manifest", "P-021", lambda: with_manifest(""), "manifest-form"),
    "manifest-not-xml": ("A manifest that is not XML", "P-021", lambda: with_manifest("{}"), "manifest-form"),
    "manifest-huge": ("A manifest over its limit", "P-021", lambda: with_manifest(" " * 70_000), "manifest-form"),
    "manifest-doctype": (
        "A document type",
        "P-022",
        lambda: with_manifest(manifest_text().replace(_XML, _XML + "<!DOCTYPE x>")),
        "manifest-entities",
    ),
    "manifest-entity-bomb": (
        "Entities that multiply",
        "P-022",
        lambda: with_manifest(
            manifest_text().replace(
                _XML, _XML + '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
            )
        ),
        "manifest-entities",
    ),
    "manifest-external-entity": (
        "An entity that would read a file",
        "P-022",
        lambda: with_manifest(
            manifest_text().replace(_XML, _XML + '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>')
        ),
        "manifest-entities",
    ),
    "manifest-instruction": (
        "A processing instruction",
        "P-021",
        lambda: with_manifest(manifest_text().replace(_XML, _XML + "<?run it?>")),
        "manifest-form",
    ),
    "manifest-unknown-element": (
        "An unknown element",
        "P-021",
        lambda: with_manifest(manifest_text().replace("</asic:ASiCManifest>", "<asic:More/></asic:ASiCManifest>")),
        "manifest-form",
    ),
    "manifest-unknown-attribute": (
        "An unknown attribute",
        "P-021",
        lambda: with_manifest(manifest_text().replace("<asic:SigReference ", '<asic:SigReference more="1" ')),
        "manifest-form",
    ),
    "manifest-text": (
        "Text between the elements",
        "P-021",
        lambda: with_manifest(manifest_text().replace("</asic:ASiCManifest>", "hello</asic:ASiCManifest>")),
        "manifest-form",
    ),
    "manifest-weak-digest": (
        "Another digest method",
        "P-021",
        lambda: with_manifest(manifest_text().replace("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1")),
        "manifest-form",
    ),
    "manifest-digest-not-base64": (
        "A digest that is not base64",
        "P-021",
        lambda: with_manifest(manifest_text().replace("</ds:DigestValue>", "!</ds:DigestValue>")),
        "manifest-form",
    ),
    "manifest-digest-short": (
        "A digest of another length",
        "P-021",
        lambda: with_manifest(write_manifest(SIGNATURE, {"note.txt": b"short"}).decode()),
        "manifest-form",
    ),
    "manifest-member-twice": (
        "A member named twice",
        "P-021",
        lambda: with_manifest(manifest_text().replace('URI="receipt.json"', 'URI="note.txt"')),
        "manifest-form",
    ),
    "manifest-two-signatures": (
        "Two signatures in one manifest",
        "P-021",
        lambda: with_manifest(
            manifest_text().replace(
                "</asic:ASiCManifest>", '<asic:SigReference URI="x" MimeType="y"/></asic:ASiCManifest>'
            )
        ),
        "manifest-form",
    ),
    "manifest-no-signature": (
        "No signature in the manifest",
        "P-021",
        lambda: with_manifest(manifest_text().replace(f'URI="{SIGNATURE}"', 'URI=""')),
        "manifest-form",
    ),
    "manifest-other-signature": (
        "The manifest of another signature",
        "P-023",
        lambda: with_manifest(manifest_text().replace("signature001", "signature002")),
        "manifest-form",
    ),
    "manifest-unlisted": (
        "A member that the manifest does not list",
        "P-024",
        lambda: with_manifest(_manifest_lacks()),
        "manifest-unlisted",
    ),
    "manifest-missing": (
        "A listed member that is not there",
        "P-024",
        lambda: with_manifest(_manifest_has_more()),
        "manifest-missing",
    ),
    "manifest-digest": (
        "A member that was exchanged",
        "P-024",
        lambda: write_archive({**members(), "note.txt": b"another fictional note\n"}),
        "manifest-digest",
    ),
    "members-swapped": (
        "Two members that changed their content",
        "P-024",
        lambda: write_archive(
            {**members(), "note.txt": plain_members()["receipt.json"], "receipt.json": plain_members()["note.txt"]}
        ),
        "manifest-digest",
    ),
}


def scenarios() -> Iterator[Scenario]:
    """Every scenario of this topic."""
    good = _good()
    yield Scenario(
        "container-sound",
        "A sound container with one signature",
        ("P-001", "P-010", "P-020"),
        "open-container",
        {"kind": "letter", "container_b64": encode(good)},
        {
            "result": "accepted",
            "members": ["note.txt", "receipt.json"],
            "digest": hashlib.sha256(good).hexdigest(),
            "signatures": 1,
        },
    )
    for name, (title, requirement, build, code) in _ROWS.items():
        kind = "receipt" if name == "too-large" else "letter"
        given = {"kind": kind, "container_b64": encode(build())}
        yield Scenario(f"container-{name}", title, (requirement,), "open-container", given, refused("container", code))
