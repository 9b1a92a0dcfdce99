"""The endpoints of audit-log heads: given, fetched and countersigned at the door of another authority."""

from __future__ import annotations

import pytest

from dedere.base.clock import FixedClock
from dedere.crypto.merkle import MerkleTree, leaf_hash
from dedere.protocol.log import Checkpoint, accept_checkpoint, accept_countersignature, read_countersignature
from dedere.transport.client import NodeClient
from dedere.transport.errors import PartnerRefusedError
from support.doors import MemoryNode, client_of, transport_to
from support.exchange import NOW, directory


def node_of(state: str, entries: int) -> MemoryNode:
    node = MemoryNode(state, FixedClock(NOW))
    node.log = MerkleTree(leaf_hash(f"{state} {number}".encode()) for number in range(entries))
    return node


def met(ours: int = 6, theirs: int = 4) -> tuple[MemoryNode, MemoryNode, NodeClient]:
    """Our node, the partner's, and our client at its door."""
    nl, sn = node_of("NL", ours), node_of("SN", theirs)
    return nl, sn, client_of(nl, "SN", transport=transport_to(sn))


def test_p215_to_p216_a_checkpoint_is_countersigned_and_held() -> None:
    nl, _sn, client = met()
    assert client.held_head() is None
    given = client.give_checkpoint(nl.own_checkpoint(partner="SN", after=0, at=NOW))
    found = accept_countersignature(given, by="SN", of="NL", directory=directory(), now=NOW)
    assert (found.head.size, found.head.root) == (6, nl.log.root().hex())
    assert client.held_head() == given


def test_p217_to_p218_a_node_that_nobody_reaches_fetches_and_gives_back() -> None:
    nl, sn, client = met()
    fetched = client.fetch_checkpoint(0)
    assert fetched is not None
    checkpoint: Checkpoint = accept_checkpoint(fetched, sender="SN", held=None, directory=directory(), now=NOW)
    assert checkpoint.head.size == 4
    client.give_countersignature(nl.take_checkpoint(partner="SN", checkpoint=fetched, at=NOW))
    assert sn.disk.rows["witness", "NL"].head == checkpoint.head
    assert client.fetch_checkpoint(5) is None
    assert met(theirs=0)[2].fetch_checkpoint(0) is None


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"{}" * 1000])
def test_p216_to_p218_what_is_no_head_is_refused_in_words(body: bytes) -> None:
    _nl, _sn, client = met()
    with pytest.raises(PartnerRefusedError) as caught:
        client.give_checkpoint(body)
    assert caught.value.code.startswith("container-")
    with pytest.raises(PartnerRefusedError) as caught:
        client.give_countersignature(body)
    assert caught.value.code == "receipt-wrong"


def test_p216_a_checkpoint_of_someone_elses_log_is_refused_whoever_brings_it() -> None:
    _nl, sn, client = met()
    with pytest.raises(PartnerRefusedError) as caught:
        client.give_checkpoint(sn.own_checkpoint(partner="NL", after=0, at=NOW))
    assert caught.value.code == "log-contradicts"
    assert client.held_head() is None


def test_p242_a_body_larger_than_a_receipt_is_refused_unread() -> None:
    _nl, _sn, client = met()
    with pytest.raises(PartnerRefusedError) as caught:
        client.give_checkpoint(bytes(256 * 1024 + 1))
    assert caught.value.code == "body-too-large"


def test_p215_what_is_held_can_be_read_without_trust() -> None:
    nl, _sn, client = met()
    given = client.give_checkpoint(nl.own_checkpoint(partner="SN", after=0, at=NOW))
    assert read_countersignature(given)[1].by.state == "SN"
