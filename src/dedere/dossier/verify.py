"""Verifying what a node has given out, without a node: a dossier, a letter, a receipt, a card.

The numbered plan for a dossier:

   1. *form*            the bag's own files are there; no links, no names that lead elsewhere
   2. *completeness*    no file is missing, none was added
   3. *fixity*          every file is, bit for bit, the one that was put in
   4. *tag files*       the manifests are those that the seal covers
   5. *description*     every file is described, and what was left out is said
   6. *cards*           the authorities' cards are unbroken chains, to a trusted fingerprint where one is given
   7. *seal*            the exporter signed the whole
   8. *letters*         each letter is signed under the card of the day it was sealed
   9. *receipts*        each receipt is signed by the receiver's gateway for exactly that letter or part
  10. *correspondence*  no letter is missing between others
  11. *record*          the state of the case, computed anew, is the one exported and sealed
  12. *ledgers*         each custody ledger holds together and continues the sender's
  13. *attestations*    each signature that a ledger names is there and holds
  14. *evidence*        each item is what was announced; none is missing without a word
  15. *audit log*       the entries about the case stand in the log that the exporter signed, and that log extends the
                        heads that partners countersigned, or that whoever verifies holds
  16. *vocabulary*      the CASE/UCO document speaks of the same items

What it does not judge: whether what the letters say is true, and, unless a fingerprint is given, whether the cards
belong to whom they name. A single letter, receipt or card is verified under the cards given along with it.
"""

from __future__ import annotations

import zipfile
from functools import partial
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.dossier import layout
from dedere.dossier.checks import bag, custody, letters, log, trust
from dedere.dossier.errors import UnknownSubjectError
from dedere.dossier.plan import Scene, Step, run_plan
from dedere.dossier.reading import FolderMembers, UnreadableMembers, ZipMembers
from dedere.dossier.report import Subject, VerificationReport
from dedere.dossier.single import is_container, verify_single

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

PLAN = (
    Step("form", "Are the bag's own files there, and no links?", bag.check_form),
    Step("completeness", "Is a file missing, was one added?", bag.check_completeness),
    Step("fixity", "Is every file, bit for bit, the one that was put in?", bag.check_fixity),
    Step("tag files", "Are the manifests those that the seal covers?", bag.check_tag_files),
    Step("description", "Is every file described?", bag.check_description),
    Step("cards", "Are the authorities' cards unbroken chains?", trust.check_cards),
    Step("seal", "Did the exporter sign the whole?", trust.check_seal),
    Step("letters", "Is each letter signed under the card of its day?", letters.check_letters),
    Step("receipts", "Is each receipt signed for exactly its letter?", letters.check_receipts),
    Step("correspondence", "Is a letter missing between others?", letters.check_correspondence),
    Step("record", "Do the letters make the record that was sealed?", letters.check_record),
    Step("ledgers", "Does each custody ledger hold together?", custody.check_ledgers),
    Step("attestations", "Is each signature that a ledger names there?", custody.check_attestations),
    Step("evidence", "Is each item what was announced?", custody.check_evidence),
    Step("audit log", "Do the entries stand in the signed log?", log.check_audit),
    Step("vocabulary", "Does the CASE/UCO document speak of the same items?", log.check_vocabulary),
)


def verify_path(
    path: Path,
    *,
    at: dt.datetime,
    trusted: Sequence[str] = (),
    cards: Sequence[bytes] = (),
    held: Sequence[bytes] = (),
    progress: Callable[[str, int], None] | None = None,
) -> VerificationReport:
    """Verify what stands at `path`, as of `at`.

    `trusted` are fingerprints of cards that a person has compared; `cards` the card containers under which a single
    letter or receipt is judged, each chain from its first card; `held` checkpoints or countersignatures of the
    exporter's log that were kept elsewhere, which the log in the dossier must extend. `progress` is told each file and
    the bytes just read, from several threads.

    Raises:
        UnknownSubjectError: there is nothing there, or nothing that this software verifies.
    """
    scene = partial(Scene, at=at, trusted=tuple(trusted), held=tuple(held), progress=progress)
    if path.is_dir():
        if not (path / layout.BAGIT).is_file() and not (path / layout.DESCRIPTION).is_file():
            raise UnknownSubjectError(f"The folder {path.name} is no dossier: it has no {layout.BAGIT}.")
        return _verify_dossier(scene(FolderMembers(path)), path.name)
    first = _first_bytes(path)
    if is_container(first):
        return verify_single(path, at=at, trusted=trusted, cards=cards)
    if not first.startswith(b"PK"):
        raise UnknownSubjectError(
            f"The file {path.name} is no dossier, letter, receipt or card. What is sealed (.age) is opened first."
        )
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        members = UnreadableMembers(path.name)
        return _verify_dossier(scene(members), path.name)
    with archive:
        return _verify_dossier(scene(ZipMembers(archive)), path.name)


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(256)
    except OSError as error:
        raise UnknownSubjectError(f"There is nothing to read called {path.name}.") from error


def _verify_dossier(scene: Scene, name: str) -> VerificationReport:
    checks = run_plan(PLAN, scene)
    facts: dict[str, str] = {}
    if scene.found is not None:
        facts = {
            "dossier": scene.found.id,
            "case": scene.found.case,
            "title": scene.found.title,
            "exporter": scene.found.exporter.state,
            "exported_by": scene.found.exported_by,
            "exported_at": format_instant(scene.found.exported_at),
            "record_sha256": scene.found.record_sha256,
        }
    anchors, left_out = tuple(scene.anchors), tuple(scene.left_out)
    return VerificationReport(Subject.DOSSIER, name, scene.at, checks, anchors, left_out, facts)
