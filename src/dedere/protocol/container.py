"""The one container of everything signed: letters, receipts, cards, checkpoints, custody receipts, dossier seals.

Requirements P-001 to P-030 (docs/protocol/container.md). An ASiC-E zip in the order: `mimetype`; the payload members
by name; for each signature n = 001, 002 a manifest `META-INF/ASiCManifestNNN.xml` and the CAdES signature over
that manifest `META-INF/signatureNNN.p7s`; at last, in letters only, `META-INF/padding`: zero bytes that bring the
whole to a size class. What each payload member means is its kind's business; which certificates may sign is the
caller's knowledge. Opening verifies digests, never signatures: `verify_container` does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.crypto.cades import SignatureReport, sign_cades, verify_cades
from dedere.crypto.errors import SignatureError, SubIndication
from dedere.protocol.archive import ArchiveLimits, overhead, read_archive, require_name, write_archive
from dedere.protocol.errors import ContainerRefusedError, ProtocolUseError, SignatureRefusedError
from dedere.protocol.manifest import Manifest, read_manifest, write_manifest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from dedere.crypto.keys import SigningKey
    from dedere.crypto.timestamps import Timestamper

MIMETYPE = b"application/vnd.etsi.asic-e+zip"
_MIMETYPE_NAME = "mimetype"
_META = "META-INF/"
_PADDING = "META-INF/padding"
_MAX_SIGNATURES = 2
_SMALLEST_CLASS = 16 * 1024


@dataclass(frozen=True, slots=True)
class SignedManifest:
    """One signature of a container: what it covers and the CMS bytes."""

    manifest: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class OpenedContainer:
    """A container whose form and digests hold. Its signatures are not verified yet.

    `members` are the payload members by name. `digest` is the SHA-256 of the container's bytes, in hexadecimal.
    """

    members: Mapping[str, bytes]
    signatures: tuple[SignedManifest, ...]
    digest: str
    padded: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True)
class Signing:
    """Who signs and when: the key, the instant stated in the signature, and who stamps it (nobody: level B-B)."""

    signer: SigningKey
    signed_at: dt.datetime
    timestamper: Timestamper | None = None
    second_signer: SigningKey | None = None


def pack_container(
    members: Mapping[str, bytes],
    *,
    signer: SigningKey,
    signed_at: dt.datetime,
    timestamper: Timestamper | None = None,
    second_signer: SigningKey | None = None,
    pad: bool = False,
) -> bytes:
    """A signed container of `members`; the same bytes for the same members apart from the signature and its stamp.

    `second_signer` adds a second signature over the same members (P-025); `pad` brings the size to its class (P-026).

    Raises:
        ProtocolUseError: no members, or a member name that is reserved or not allowed.
    """
    if not members or any(name == _MIMETYPE_NAME or name.startswith(_META) for name in members):
        raise ProtocolUseError("A container needs payload members, none of them named mimetype or in META-INF.")
    for name in members:
        require_name(name)
    payload = {name: members[name] for name in sorted(members)}
    digests = {name: hashlib.sha256(content).digest() for name, content in payload.items()}
    packed = {_MIMETYPE_NAME: MIMETYPE, **payload}
    for number, key in enumerate((signer, second_signer), start=1):
        if key is None:
            continue
        manifest = write_manifest(_signature_name(number), digests)
        packed[_manifest_name(number)] = manifest
        packed[_signature_name(number)] = sign_cades(manifest, key, signed_at=signed_at, timestamper=timestamper)
    if pad:
        bare = _archive_size(packed)
        packed[_PADDING] = bytes(size_class(bare + overhead(_PADDING)) - bare - overhead(_PADDING))
    return write_archive(packed)


def open_container(data: bytes, *, limits: ArchiveLimits | None = None) -> OpenedContainer:
    """The members of `data`, when its form and every digest hold.

    Raises:
        ContainerRefusedError: another form than P-010 to P-024 and P-026 prescribe, or over `limits`.
    """
    found = read_archive(data, limits or ArchiveLimits())
    names = list(found)
    if names[0] != _MIMETYPE_NAME or found[_MIMETYPE_NAME] != MIMETYPE:
        raise ContainerRefusedError("The container does not begin with its media type.", code="container-form")
    payload = [name for name in names[1:] if not name.startswith(_META)]
    padded = _PADDING in found
    count = (len(names) - 1 - len(payload) - padded) // 2
    expected = [_MIMETYPE_NAME, *sorted(payload)]
    for number in range(1, count + 1):
        expected += [_manifest_name(number), _signature_name(number)]
    expected += [_PADDING] * padded
    if names != expected or not 1 <= count <= _MAX_SIGNATURES:
        raise ContainerRefusedError("The members are not those of a container in order.", code="container-form")
    if padded:
        _check_padding(found[_PADDING], total=len(data))
    digests = {name: hashlib.sha256(found[name]).digest() for name in payload}
    signatures = []
    for number in range(1, count + 1):
        manifest = bytes(found[_manifest_name(number)])
        _check_manifest(read_manifest(manifest), digests, signature=_signature_name(number))
        signatures.append(SignedManifest(manifest, bytes(found[_signature_name(number)])))
    members = {name: bytes(found[name]) for name in payload}
    return OpenedContainer(members, tuple(signatures), hashlib.sha256(data).hexdigest(), padded, len(data))


def verify_container(
    opened: OpenedContainer,
    *,
    trusted: Sequence[str],
    at: dt.datetime | None,
    stamps: Sequence[str] = (),
    number: int = 1,
) -> SignatureReport:
    """Who signed the container's signature `number` and when.

    It holds under exactly the `trusted` certificates (PEM), its time-stamp under exactly the `stamps` certificates.

    Raises:
        SignatureRefusedError: no such signature (`signature-missing`), or it does not hold (`signature-invalid`).
    """
    if number > len(opened.signatures):
        raise SignatureRefusedError("A signature that the card promises is missing.", code="signature-missing")
    signed = opened.signatures[number - 1]
    try:
        return verify_cades(signed.signature, signed.manifest, trusted=trusted, at=at, trusted_timestampers=stamps)
    except SignatureError as error:
        raise SignatureRefusedError(f"The signature does not hold: {error}", code="signature-invalid") from error


def require_passed(report: SignatureReport) -> SignatureReport:
    """`report`, when the validation passed wholly; an INDETERMINATE one is refused here, with the standard's word.

    Raises:
        SignatureRefusedError: `signature-time` where times contradict each other, else `signature-invalid`.
    """
    if report.passed:
        return report
    word = report.sub_indication
    code = "signature-time" if word is SubIndication.TIMESTAMP_ORDER_FAILURE else "signature-invalid"
    raise SignatureRefusedError(f"The validity of the signature cannot be determined: {word}.", code=code)


def size_class(size: int) -> int:
    """The smallest size class that holds `size` bytes: 16 KiB, 24 KiB, 32 KiB, 48 KiB, 64 KiB … (P-026)."""
    whole = _SMALLEST_CLASS
    while whole < size:
        half_more = whole + whole // 2
        if size <= half_more:
            return half_more
        whole *= 2
    return whole


def _archive_size(members: Mapping[str, bytes]) -> int:
    end_record = 22
    return sum(overhead(name) + len(content) for name, content in members.items()) + end_record


def _check_padding(padding: memoryview, *, total: int) -> None:
    """P-026: the padding is zero bytes, as many as bring the whole to its class: no room for a hidden word."""
    if total != size_class(total - len(padding)) or bytes(padding).strip(b"\0"):
        raise ContainerRefusedError("The padding is not as prescribed.", code="container-padding")


def _check_manifest(manifest: Manifest, digests: Mapping[str, bytes], *, signature: str) -> None:
    """P-023 and P-024: the manifest names its own signature, lists every payload member and nothing else."""
    if manifest.signature != signature:
        raise ContainerRefusedError("The manifest names another signature.", code="manifest-form")
    missing = manifest.digests.keys() - digests.keys()
    if missing:
        raise ContainerRefusedError("The manifest lists a member that is not there.", code="manifest-missing")
    for name, digest in digests.items():
        if name not in manifest.digests:
            raise ContainerRefusedError(f"The member {name} is not listed in the manifest.", code="manifest-unlisted")
        if manifest.digests[name] != digest:
            raise ContainerRefusedError(f"The member {name} is not what the manifest says.", code="manifest-digest")


def _manifest_name(number: int) -> str:
    return f"{_META}ASiCManifest{number:03d}.xml"


def _signature_name(number: int) -> str:
    return f"{_META}signature{number:03d}.p7s"
