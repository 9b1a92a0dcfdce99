"""Checkpoints of audit logs between partners: what is taken, what is refused, and where."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedere.crypto.merkle import MerkleTree, leaf_hash
from dedere.protocol.container import Signing, pack_container
from dedere.protocol.content import write_content
from dedere.protocol.errors import OrderRefusedError, ProtocolRefusedError, ReceiptRefusedError
from dedere.protocol.log import (
    CHECKPOINT_MEMBER,
    Checkpoint,
    Countersignature,
    Head,
    accept_checkpoint,
    accept_countersignature,
    pack_checkpoint,
    pack_countersignature,
    read_checkpoint,
    read_countersignature,
    require_extends,
)
from support import exchange, pki

NOW = exchange.NOW
GATEWAY = Signing(pki.state("NL").gateway.signer, NOW)


def log_of(size: int, word: str = "entry") -> MerkleTree:
    return MerkleTree(leaf_hash(f"{word} {number}".encode()) for number in range(size))


def head_of(tree: MerkleTree, size: int | None = None) -> Head:
    return Head(tree.size if size is None else size, tree.root(size).hex())


def checkpoint_of(tree: MerkleTree, after: int = 0, **changes: object) -> Checkpoint:
    made = Checkpoint(
        log=exchange.card_of("NL").party,
        at=NOW,
        head=head_of(tree),
        after=after,
        proof=tuple(step.hex() for step in tree.consistency_proof(after)) if after else (),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # the caller names fields


def take(data: bytes, held: Head | None = None, *, now: dt.datetime = NOW) -> Checkpoint:
    return accept_checkpoint(data, sender="NL", held=held, directory=exchange.directory(), now=now)


def refusal(data: bytes, held: Head | None = None, *, now: dt.datetime = NOW) -> str:
    with pytest.raises(ProtocolRefusedError) as caught:
        take(data, held, now=now)
    return caught.value.code


def test_p241_a_first_checkpoint_is_taken_and_read_back() -> None:
    checkpoint = checkpoint_of(log_of(7))
    data = pack_checkpoint(checkpoint, signing=GATEWAY)
    assert take(data) == checkpoint
    assert read_checkpoint(data)[1] == checkpoint


@given(first=st.integers(1, 40), more=st.integers(0, 40))
def test_p244_a_log_that_only_grew_extends_every_head_it_had(first: int, more: int) -> None:
    tree = log_of(first + more)
    checkpoint = checkpoint_of(tree, first)
    require_extends(checkpoint.head, head_of(tree, first), checkpoint.proof)


@given(first=st.integers(1, 40), more=st.integers(0, 40), changed=st.integers(0, 39))
def test_p244_a_log_with_one_entry_rewritten_contradicts(first: int, more: int, changed: int) -> None:
    held = head_of(log_of(first))
    leaves = [leaf_hash(f"entry {number}".encode()) for number in range(first + more)]
    leaves[changed % first] = leaf_hash(b"rewritten")
    checkpoint = checkpoint_of(MerkleTree(leaves), first)
    with pytest.raises(OrderRefusedError) as caught:
        require_extends(checkpoint.head, held, checkpoint.proof)
    assert caught.value.code == "log-contradicts"


def test_p244_a_rewritten_log_under_a_true_signature_is_refused_as_contradiction() -> None:
    held = head_of(log_of(5))
    data = pack_checkpoint(checkpoint_of(log_of(9, "other"), 5), signing=GATEWAY)
    assert refusal(data, held) == "log-contradicts"


def test_p244_another_head_of_the_same_size_contradicts_and_the_same_does_not() -> None:
    tree = log_of(5)
    data = pack_checkpoint(checkpoint_of(tree, 5), signing=GATEWAY)
    assert take(data, head_of(tree)).head == head_of(tree)
    assert refusal(data, head_of(log_of(5, "other"))) == "log-contradicts"


def test_p244_a_proof_from_another_size_than_ours_is_refused() -> None:
    tree = log_of(9)
    from_four = pack_checkpoint(checkpoint_of(tree, 4), signing=GATEWAY)
    assert refusal(from_four, head_of(tree, 5)) == "log-after"
    assert refusal(from_four) == "log-after"
    with_a_proof_of_nothing = checkpoint_of(tree, 0, proof=("ab" * 32,))
    assert refusal(pack_checkpoint(with_a_proof_of_nothing, signing=GATEWAY)) == "log-after"


def test_p244_a_shorter_log_than_the_one_held_is_refused() -> None:
    shorter = replace(checkpoint_of(log_of(3)), after=5)
    assert refusal(pack_checkpoint(shorter, signing=GATEWAY), head_of(log_of(5))) == "log-contradicts"


def test_p244_the_future_and_another_authoritys_log_are_refused() -> None:
    data = pack_checkpoint(checkpoint_of(log_of(3)), signing=GATEWAY)
    assert refusal(data, now=NOW - dt.timedelta(minutes=11)) == "log-time"
    assert take(data, now=NOW - dt.timedelta(minutes=9)).head.size == 3
    of_senegal = pack_checkpoint(
        checkpoint_of(log_of(3), log=exchange.card_of("SN").party),
        signing=Signing(pki.state("SN").gateway.signer, NOW),
    )
    assert refusal(of_senegal) == "log-contradicts"


def test_p241_only_the_gateway_key_of_the_named_card_signs_heads() -> None:
    checkpoint = checkpoint_of(log_of(3))
    assert refusal(pack_checkpoint(checkpoint, signing=exchange.signing_of("NL"))) == "signature-invalid"
    of_senegal = Signing(pki.state("SN").gateway.signer, NOW)
    assert refusal(pack_checkpoint(checkpoint, signing=of_senegal)) == "signature-invalid"
    named = checkpoint_of(log_of(3), log=replace(exchange.card_of("NL").party, card=exchange.card_of("SN").digest))
    assert refusal(pack_checkpoint(named, signing=of_senegal)) == "content-schema"


def test_p242_nothing_else_travels_with_a_head() -> None:
    content = write_content(checkpoint_of(log_of(3)).as_json())
    more = pack_container({CHECKPOINT_MEMBER: content, "more.json": b"{}"}, signer=GATEWAY.signer, signed_at=NOW)
    assert refusal(more) == "content-missing"
    padded = pack_container({CHECKPOINT_MEMBER: content}, signer=GATEWAY.signer, signed_at=NOW, pad=True)
    assert refusal(padded) == "content-missing"


def countersigned(**changes: object) -> Countersignature:
    made = Countersignature(
        log=exchange.card_of("NL").party,
        head=head_of(log_of(3)),
        checkpoint_sha256=hashlib.sha256(b"a checkpoint").hexdigest(),
        by=exchange.card_of("SN").party,
        held_at=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # the caller names fields


def test_p245_a_countersignature_counts_only_as_the_partners_word_about_our_log() -> None:
    signing = Signing(pki.state("SN").gateway.signer, NOW)
    data = pack_countersignature(countersigned(), signing=signing)
    directory = exchange.directory()
    assert accept_countersignature(data, by="SN", of="NL", directory=directory, now=NOW) == countersigned()
    assert read_countersignature(data)[1] == countersigned()
    for by, of in (("NL", "NL"), ("SN", "SN")):
        with pytest.raises(ReceiptRefusedError):
            accept_countersignature(data, by=by, of=of, directory=directory, now=NOW)
    forged = pack_countersignature(countersigned(), signing=GATEWAY)
    for wrong in (forged, b"PK", b"", pack_checkpoint(checkpoint_of(log_of(3)), signing=GATEWAY)):
        with pytest.raises(ReceiptRefusedError):
            accept_countersignature(wrong, by="SN", of="NL", directory=directory, now=NOW)
