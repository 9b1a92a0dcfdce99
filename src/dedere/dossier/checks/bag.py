"""The bag: is every file there, is it the one that was put in, and does the dossier say what each is."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING

from dedere.crypto.digests import sha256_hex
from dedere.dossier import layout
from dedere.dossier.bag import decode_name
from dedere.dossier.description import Description, require_forms
from dedere.dossier.errors import DossierFormError
from dedere.dossier.plan import NotCheckedError, failed, refused
from dedere.dossier.reading import Measured, measure, read_small
from dedere.dossier.report import LeftOut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dedere.dossier.plan import Scene
    from dedere.dossier.report import Remark

_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_WORKERS = 2
_BATCH_BYTES = 32 * 1024 * 1024
_BATCH_FILES = 64


def check_form(scene: Scene) -> Iterator[Remark]:
    """The bag's own files are there and readable, and nothing in it is a link or leads elsewhere."""
    for member, fault in scene.members.faults:
        yield failed(f"The entry {fault}.", member)
    sizes = scene.members.sizes()
    for member in (*layout.TAG_FILES, layout.TAG_MANIFEST, layout.SEAL):
        if member not in sizes:
            yield failed("The file is missing.", member)
    if layout.BAGIT in sizes and read_small(scene.members, layout.BAGIT) != layout.BAGIT_TEXT:
        yield failed("The file does not say BagIt 1.0 in UTF-8.", layout.BAGIT)
    scene.manifest = _read_manifest(scene, layout.MANIFEST)
    scene.counted = len(sizes)


def check_completeness(scene: Scene) -> Iterator[Remark]:
    """Nothing is missing, nothing was added."""
    _require_manifest(scene)
    sizes = scene.members.sizes()
    own = {*layout.TAG_FILES, layout.TAG_MANIFEST, layout.SEAL}
    for member in sorted(scene.manifest.keys() - sizes.keys()):
        yield failed("The file is missing: the manifest lists it.", member)
    for member in sorted(sizes.keys() - scene.manifest.keys() - own):
        yield failed("The file was added: the manifest does not list it.", member)
    scene.counted = len(scene.manifest)


def check_fixity(scene: Scene) -> Iterator[Remark]:
    """Every file is, bit for bit, what the manifest says. The one pass over all bytes."""
    _require_manifest(scene)
    sizes = scene.members.sizes()
    batches = list(_batches(sorted(scene.manifest.keys() & sizes.keys()), sizes))
    with ThreadPoolExecutor(_WORKERS, "fixity") as pool:
        results = pool.map(lambda batch: [_measured(scene, member) for member in batch], batches)
        for member, found in chain.from_iterable(map(zip, batches, results)):
            scene.counted += 1
            if isinstance(found, DossierFormError):
                yield refused(found)
                continue
            scene.measured[member] = found
            if found.sha256 != scene.manifest[member]:
                yield failed("The file was altered: its SHA-256 is not the one in the manifest.", member)


def check_tag_files(scene: Scene) -> Iterator[Remark]:
    """The manifest and the bag's other files are those that the tag manifest lists, which the seal covers."""
    listed = _read_manifest(scene, layout.TAG_MANIFEST)
    if listed.keys() != set(layout.TAG_FILES):
        yield failed("The tag manifest does not list exactly the bag's own files.", layout.TAG_MANIFEST)
    for member in sorted(listed.keys() & set(layout.TAG_FILES)):
        scene.counted += 1
        if sha256_hex(read_small(scene.members, member)) != listed[member]:
            yield failed("The file was altered: its SHA-256 is not the one in the tag manifest.", member)


def check_description(scene: Scene) -> Iterator[Remark]:
    """The dossier says of every file what it is, and of everything left out that it is."""
    description = require_forms(Description.from_bytes(read_small(scene.members, layout.DESCRIPTION)))
    scene.found = description
    described = list(description.members())
    for member in sorted(set(described) - scene.manifest.keys()):
        yield failed("The file is missing: the description names it.", member)
    for member in sorted(scene.manifest.keys() - set(described)):
        yield failed("The file was added: the description does not name it.", member)
    if len(described) != len(set(described)):
        yield failed("The description names a file for two things.", layout.DESCRIPTION)
    for member, digest in _digests(description):
        found = scene.measured.get(member)
        if found is not None and found.sha256 != digest:
            yield failed("The file is not the one that the description means.", member)
    scene.counted = len(described)
    scene.left_out += (
        LeftOut("letter", letter.id, letter.sha256, letter.left_out)
        for letter in description.letters
        if letter.left_out
    )
    scene.left_out += (
        LeftOut("item", item.id, item.sha256, item.left_out) for item in description.items if item.left_out
    )


def _digests(description: Description) -> Iterable[tuple[str, str]]:
    yield from ((card.member, card.sha256) for card in description.cards)
    yield from ((letter.member, letter.sha256) for letter in description.letters if letter.member)
    yield from ((receipt.member, receipt.sha256) for receipt in description.receipts)
    yield from ((attestation.member, attestation.sha256) for attestation in description.attestations)
    if description.record:
        yield description.record, description.record_sha256


def _batches(members: Iterable[str], sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Members in order, as many at a time as are worth a thread's while."""
    batch: list[str] = []
    total = 0
    for member in members:
        batch.append(member)
        total += sizes[member]
        if total >= _BATCH_BYTES or len(batch) == _BATCH_FILES:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def _measured(scene: Scene, member: str) -> Measured | DossierFormError:
    sealed = member.startswith("data/evidence/") and member.endswith(".age")

    def passed(count: int) -> None:
        if scene.progress is not None:
            scene.progress(member, count)

    try:
        return measure(scene.members, member, sealed=sealed, progress=passed)
    except DossierFormError as error:
        return error


def _require_manifest(scene: Scene) -> None:
    if not scene.manifest:
        raise NotCheckedError("the manifest could not be read")


def _read_manifest(scene: Scene, member: str) -> dict[str, str]:
    try:
        lines = read_small(scene.members, member).decode().splitlines()
    except UnicodeDecodeError as error:
        raise DossierFormError("The manifest is not text in UTF-8.", member=member) from error
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None or decode_name(match[2]) in found:
            raise DossierFormError(f"Line {number} of the manifest is unreadable or repeated.", member=member)
        found[decode_name(match[2])] = match[1]
    return found
