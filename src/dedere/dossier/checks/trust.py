"""Who vouches for it: the cards of the authorities, and the exporter's seal over the whole."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.base.errors import MessageError
from dedere.crypto.canonical import parse_canonical
from dedere.crypto.digests import sha256_hex
from dedere.dossier import layout
from dedere.dossier.errors import DossierFormError
from dedere.dossier.plan import failed, indeterminate, judged, note, refused
from dedere.dossier.reading import read_small
from dedere.dossier.report import Anchor, Remark, Verdict
from dedere.protocol.card import CardChain, read_card
from dedere.protocol.container import open_container, verify_container
from dedere.protocol.intake import CLOCK_TOLERANCE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from dedere.dossier.description import CardLine
    from dedere.dossier.plan import Scene
    from dedere.protocol.container import OpenedContainer
    from dedere.protocol.letter import Party
    from dedere.protocol.trust import TrustDirectory

NOT_COMPARED = "The fingerprint of its first card was not compared with one known from elsewhere."


def check_cards(scene: Scene) -> Iterator[Remark]:
    """Each State's cards are an unbroken chain, and lead to a fingerprint that is trusted, where one is given."""
    by_state: dict[str, list[CardLine]] = defaultdict(list)
    for line in scene.description.cards:
        by_state[line.state].append(line)
    for state, lines in sorted(by_state.items()):
        yield from _chain(scene, state, sorted(lines, key=lambda line: line.serial))
    scene.counted = len(scene.description.cards)


def _chain(scene: Scene, state: str, lines: Sequence[CardLine]) -> Iterator[Remark]:
    chain: CardChain | None = None
    for line in lines:
        container = read_small(scene.members, line.member)
        try:
            chain = CardChain.begin(container) if chain is None else chain.extended(container)
        except MessageError as error:
            yield refused(error, line.member)
            return
    if chain is None or chain.state != state:
        yield failed(f"The cards of {state} are those of another State.", lines[0].member)
        return
    scene.directory = scene.directory.pinned(chain)
    anchor, remark = anchor_of(chain, scene.trusted, member=lines[0].member)
    scene.anchors.append(anchor)
    yield remark


def anchor_of(chain: CardChain, trusted: Sequence[str], *, member: str) -> tuple[Anchor, Remark]:
    """On which card a State's signatures rest, and whether a person has compared its fingerprint."""
    first = chain.first
    known = {card.fingerprint.replace(" ", "") for card in chain.cards}
    typed = {"".join(filter(str.isdigit, text)) for text in trusted}
    compared = bool(known & typed)
    anchor = Anchor(chain.state, first.card.name, first.fingerprint, compared)
    if compared:
        return anchor, note(f"{chain.state}: the fingerprint is one of those given.", member)
    if trusted:
        return anchor, Remark(
            Verdict.INDETERMINATE,
            f"{chain.state}: none of the fingerprints given is that of a card of this chain.",
            member,
            indication="INDETERMINATE",
            sub_indication="NO_CERTIFICATE_CHAIN_FOUND",
        )
    return anchor, note(f"{chain.state}: compare {first.fingerprint} with the note verbale. {NOT_COMPARED}", member)


def check_seal(scene: Scene) -> Iterator[Remark]:
    """The exporter has signed the digest of the tag manifest, and thus everything."""
    opened = _open(scene, layout.SEAL)
    seal = _content(opened, layout.SEAL, member=layout.SEAL_MEMBER, version=layout.SEAL_VERSION)
    found = sha256_hex(read_small(scene.members, layout.TAG_MANIFEST))
    if seal.get("tagmanifest_sha256") != found:
        yield failed("The tag manifest is not the one that was sealed.", layout.TAG_MANIFEST)
    description = scene.description
    stated = {
        "exporter": description.exporter.as_json(),
        "exported_at": format_instant(description.exported_at),
        "dossier": description.id,
        "case": description.case,
        "exported_by": description.exported_by,
        "record_sha256": description.record_sha256,
    }
    for name, value in stated.items():
        if seal.get(name) != value:
            yield failed(f"The seal and the description differ in {name}.", layout.SEAL)
    if description.exported_at > scene.at + CLOCK_TOLERANCE:
        yield indeterminate(
            "It says it was made after the moment it is judged at: one of two clocks is wrong.", layout.SEAL
        )
    scene.sealed_record = str(seal.get("record_sha256"))
    yield from signed_by(scene, opened, description.exporter, at=description.exported_at, member=layout.SEAL)
    scene.counted = 1


def signed_by(scene: Scene, opened: OpenedContainer, party: Party, *, at: dt.datetime, member: str) -> Iterator[Remark]:
    """The container is signed by the authority key of the party, under a card valid at `at`."""
    try:
        card = scene.directory.card_for_letter(party.card, sealed_at=at, now=at)
        if card.card.state != party.state:
            yield failed("It names another State than its card.", member)
        report = verify_container(
            opened,
            trusted=card.card.signing_certificates,
            stamps=card.card.timestamp_certificates,
            at=scene.at,
        )
    except MessageError as error:
        yield refused(error, member)
    else:
        yield from judged(report, member)


def read_signed(scene: Scene, member: str, *, inner: str, version: str) -> tuple[OpenedContainer, Mapping[str, object]]:
    """A signed container of the dossier with one canonical JSON member of this version."""
    opened = _open(scene, member)
    return opened, _content(opened, member, member=inner, version=version)


def chains_of(cards: Sequence[bytes]) -> Iterator[CardChain]:
    """The chains that these card containers form, of each State by serial.

    Raises:
        MessageError: one is no card, or a chain does not hold.
    """
    by_state: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
    for container in cards:
        card = read_card(container)
        by_state[card.state].append((card.serial, container))
    for _, containers in sorted(by_state.items()):
        yield CardChain.of(container for _, container in sorted(containers))


def certificates_at(directory: TrustDirectory) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every authority and gateway certificate of the cards, and every time-stamping one."""
    cards = [card.card for state in directory.states for card in directory.chain(state).cards]
    signers = tuple(pem for card in cards for pem in (*card.signing_certificates, *card.gateway_certificates))
    return signers, tuple(pem for card in cards for pem in card.timestamp_certificates)


def _open(scene: Scene, member: str) -> OpenedContainer:
    try:
        return open_container(read_small(scene.members, member))
    except DossierFormError:
        raise
    except MessageError as error:
        raise DossierFormError(error.sentence, member=member, code=error.code) from error


def _content(opened: OpenedContainer, where: str, *, member: str, version: str) -> Mapping[str, object]:
    try:
        value = parse_canonical(opened.members.get(member, b""))
    except MessageError as error:
        raise DossierFormError(f"Its {member} is not canonical JSON.", member=where) from error
    if opened.members.keys() != {member} or not isinstance(value, dict) or value.get("version") != version:
        raise DossierFormError(f"It does not hold exactly {member} of version {version}.", member=where)
    return value
