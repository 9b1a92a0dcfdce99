"""The ASiCManifest: which members a signature covers, with their digests, as the XML of ETSI EN 319 162-1.

Requirements P-020 to P-024. It is written by one template and read with expat, with document types and entities
refused. The reader accepts any XML that says the same; it does not resolve, fetch or expand anything.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.parsers import expat

from dedere.protocol.errors import ContainerRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_MANIFEST_BYTES = 64 * 1024
_ASIC = "http://uri.etsi.org/02918/v1.2.1#"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_SIGNATURE_TYPE = "application/pkcs7-signature"
_MEDIA_TYPES = {"json": "application/json", "pdf": "application/pdf"}
_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class Manifest:
    """The signature's member name, and each covered member's SHA-256."""

    signature: str
    digests: Mapping[str, bytes]


def write_manifest(signature: str, digests: Mapping[str, bytes]) -> bytes:
    """The XML for `digests` (member name to SHA-256) covered by the signature in member `signature`."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<asic:ASiCManifest xmlns:asic="{_ASIC}" xmlns:ds="{_DS}">',
        f'<asic:SigReference URI="{signature}" MimeType="{_SIGNATURE_TYPE}"/>',
    ]
    for name, digest in digests.items():
        media_type = _MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
        value = base64.b64encode(digest).decode("ascii")
        lines += [
            f'<asic:DataObjectReference URI="{name}" MimeType="{media_type}">',
            f'<ds:DigestMethod Algorithm="{_SHA256}"/>',
            f"<ds:DigestValue>{value}</ds:DigestValue>",
            "</asic:DataObjectReference>",
        ]
    lines.append("</asic:ASiCManifest>\n")
    return "\n".join(lines).encode("ascii")


def read_manifest(data: bytes) -> Manifest:
    """What the manifest says.

    Raises:
        ContainerRefusedError: not well-formed, a document type or entity in it (P-022), an element, attribute or
            digest method the protocol does not know (P-021), or a member named twice.
    """
    if len(data) > MAX_MANIFEST_BYTES:
        raise ContainerRefusedError("The manifest is larger than the limit.", code="manifest-form")
    reader = _Reader()
    parser = expat.ParserCreate("UTF-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.EntityDeclHandler = _refuse_document_type
    parser.ProcessingInstructionHandler = _refuse_instruction
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat's own signature: the data is complete
    except expat.ExpatError as error:
        raise ContainerRefusedError("The manifest is not well-formed XML.", code="manifest-form") from error
    return reader.manifest()


def _refuse_document_type(*_: object) -> None:
    raise ContainerRefusedError("The manifest declares a document type or entities.", code="manifest-entities")


def _refuse_instruction(*_: object) -> None:
    raise _form_error("holds a processing instruction")


def _form_error(what: str) -> ContainerRefusedError:
    return ContainerRefusedError(f"The manifest {what}.", code="manifest-form")


_ROOT = f"{_ASIC} ASiCManifest"
_SIGNATURE = f"{_ASIC} SigReference"
_OBJECT = f"{_ASIC} DataObjectReference"
_METHOD = f"{_DS} DigestMethod"
_VALUE = f"{_DS} DigestValue"
# Where each element may stand, and which attributes it may have (P-021).
_PLACES: dict[str, tuple[str, frozenset[str]]] = {
    _ROOT: ("", frozenset()),
    _SIGNATURE: (_ROOT, frozenset({"URI", "MimeType"})),
    _OBJECT: (_ROOT, frozenset({"URI", "MimeType", "Rootfile"})),
    _METHOD: (_OBJECT, frozenset({"Algorithm"})),
    _VALUE: (_OBJECT, frozenset()),
}


class _Reader:
    """Collects the manifest from expat's events; refuses whatever is out of place."""

    def __init__(self) -> None:
        self._open: list[str] = [""]
        self._signature = ""
        self._digests: dict[str, bytes] = {}
        self._name = ""
        self._method = ""
        self._value = ""

    def start(self, element: str, attributes: dict[str, str]) -> None:
        place = _PLACES.get(element)
        if place is None or place[0] != self._open[-1] or not place[1].issuperset(attributes):
            raise _form_error("has an element or attribute out of place")
        self._open.append(element)
        if element == _SIGNATURE:
            if self._signature:
                raise _form_error("names two signatures")
            self._signature = unquote(attributes.get("URI", ""))
        elif element == _OBJECT:
            self._name, self._method, self._value = unquote(attributes.get("URI", "")), "", ""
        elif element == _METHOD:
            self._method = attributes.get("Algorithm", "")

    def text(self, text: str) -> None:
        if self._open[-1] == _VALUE:
            self._value += text
        elif text.strip():
            raise _form_error("has text out of place")

    def end(self, element: str) -> None:
        self._open.pop()
        if element != _OBJECT:
            return
        if self._method != _SHA256:
            raise _form_error("uses another digest method than SHA-256")
        if not self._name or self._name in self._digests:
            raise _form_error("names a member twice or not at all")
        try:
            digest = base64.b64decode(self._value.strip(), validate=True)
        except (binascii.Error, ValueError) as error:
            raise _form_error("has a digest that is not base64") from error
        if len(digest) != _DIGEST_BYTES:
            raise _form_error("has a digest of another length")
        self._digests[self._name] = digest

    def manifest(self) -> Manifest:
        if not self._signature or not self._digests:
            raise _form_error("names no signature or no members")
        return Manifest(self._signature, self._digests)
