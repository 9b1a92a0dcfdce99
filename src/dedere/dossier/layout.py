"""Where everything lies in a dossier.

bagit.txt  bag-info.txt                 a BagIt 1.0 bag (RFC 8493)
manifest-sha256.txt                     the digest of every file below data/
tagmanifest-sha256.txt                  the digests of the three files above
seal.asice                              the exporter's signature over the tag manifest, thus over everything
data/dossier.json                       what is in it, what was left out and why
data/record.json                        the state of the case, as anybody computes it from the letters
data/index.html  data/index.pdf         for reading; nothing depends on them
data/case.jsonld                        items and custody in CASE/UCO
data/cards/<State>/<serial>.asice       the cards under which everything was signed
data/letters/<id>.asice                 the signed letters, as they were before sealing
data/acts/<id>.pdf                      the readable page of each, copied out of it
data/receipts/<letter>/<n>.asice        machine receipts and part receipts
data/ledgers/<item>.jsonl               the custody ledger of each item
data/attestations/<digest>.asice        other signed containers that a ledger names
data/evidence/<item>-<name>             an item, plain
data/evidence/<item>-<name>.age         an item, sealed
data/audit/extract.jsonl                entries of the exporter's audit log with their proofs
data/audit/checkpoint.asice             the signed size and root of that log
data/audit/witnesses/<State>.asice      a partner's countersignature of an earlier size and root of it
"""

from __future__ import annotations

BAGIT = "bagit.txt"
BAG_INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
SEAL = "seal.asice"
TAG_FILES = (BAGIT, BAG_INFO, MANIFEST)

DESCRIPTION = "data/dossier.json"
RECORD = "data/record.json"
INDEX = "data/index.html"
INDEX_PDF = "data/index.pdf"
CASE_UCO = "data/case.jsonld"
AUDIT_EXTRACT = "data/audit/extract.jsonl"
AUDIT_CHECKPOINT = "data/audit/checkpoint.asice"

DOSSIER_VERSION = "dedere-dossier/1"
SEAL_VERSION = "dedere-dossier-seal/1"
CHECKPOINT_VERSION = "dedere-checkpoint/1"
SEAL_MEMBER = "seal.json"
CHECKPOINT_MEMBER = "checkpoint.json"

BAGIT_TEXT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def card_member(state: str, serial: int) -> str:
    """Where a card lies."""
    return f"data/cards/{state}/{serial}.asice"


def letter_member(letter: str) -> str:
    """Where a letter lies."""
    return f"data/letters/{letter}.asice"


def act_member(letter: str) -> str:
    """Where the readable page of a letter lies."""
    return f"data/acts/{letter}.pdf"


def receipt_member(letter: str, number: int) -> str:
    """Where the receipt of that number for a letter lies, from 1."""
    return f"data/receipts/{letter}/{number}.asice"


def ledger_member(item: str) -> str:
    """Where the ledger of an item lies."""
    return f"data/ledgers/{item}.jsonl"


def attestation_member(digest: str) -> str:
    """Where another signed container lies."""
    return f"data/attestations/{digest}.asice"


def witness_member(state: str) -> str:
    """Where the countersignature of a State lies."""
    return f"data/audit/witnesses/{state}.asice"


def evidence_member(item: str, name: str, *, sealed: bool) -> str:
    """Where an item lies; `name` is a safe name."""
    return f"data/evidence/{item}-{name}{'.age' if sealed else ''}"
