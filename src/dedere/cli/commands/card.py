"""`dedere card`: our own cards shown, written out, followed by the next; a partner's pinned, or reported stolen."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.clock import SystemClock, parse_instant
from dedere.base.errors import FacilityError, InputError
from dedere.base.identifiers import RandomIdentifiers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.node.home import Home
    from dedere.node.issuing import Wish
    from dedere.protocol.card import SignedCard

KEYS = ("authority", "gateway", "tls", "timestamp", "second", "sealing")


def register(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    commands = parser.add_subparsers(dest="card_command", metavar="WHAT", required=True)

    show = commands.add_parser("show", help="show our newest card, or the one in a file")
    show.add_argument("place", type=Path, metavar="HOME_OR_FILE")
    show.set_defaults(run_card=_show)

    export = commands.add_parser("export", help="write our newest card to a file, or all of them into a folder")
    export.add_argument("home", type=Path, metavar="HOME")
    export.add_argument("file", type=Path, metavar="FILE_OR_FOLDER")
    export.set_defaults(run_card=_export)

    rotate = commands.add_parser("rotate", help="issue our next card, with new keys where they are named")
    rotate.add_argument("home", type=Path, metavar="HOME")
    rotate.add_argument(
        "--key", action="append", default=[], choices=[*KEYS, "all"], help="make this key anew; repeat for several"
    )
    rotate.add_argument(
        "--custodians",
        action="store_true",
        help="name our custodians' confirmed keys, for identities of protected persons",
    )
    rotate.set_defaults(run_card=_rotate)

    revoke = commands.add_parser("revoke", help="issue a card that revokes one of ours")
    revoke.add_argument("home", type=Path, metavar="HOME")
    revoke.add_argument("digest", metavar="CARD-DIGEST", help="of the card to revoke, or how it begins")
    revoke.add_argument("--since", help="like 2026-11-24T09:30:00Z; now when left out")
    revoke.add_argument("--stolen", action="store_true", help="its keys were stolen: every key is made anew at once")
    revoke.add_argument("--reason", default="", help="one sentence; partners read it")
    revoke.set_defaults(run_card=_revoke)

    pin = commands.add_parser("pin", help="trust a partner's card")
    pin.add_argument("home", type=Path, metavar="HOME")
    pin.add_argument("files", type=Path, metavar="FILE", nargs="+", help="cards of one State, oldest first")
    pin.add_argument("--fingerprint", default="", help="of the newest, as the partner told it by another way")
    pin.set_defaults(run_card=_pin)

    compromise = commands.add_parser("compromise", help="note that a partner's keys were stolen")
    compromise.add_argument("home", type=Path, metavar="HOME")
    compromise.add_argument("digest", metavar="CARD-DIGEST")
    compromise.add_argument("--since", required=True, help="the first instant of doubt, like 2026-11-24T09:30:00Z")
    compromise.set_defaults(run_card=_compromise)


def run(arguments: argparse.Namespace) -> int:
    """Do what the subcommand says."""
    result: int = arguments.run_card(arguments)
    return result


def _show(arguments: argparse.Namespace) -> int:
    from dedere.node.home import load_home
    from dedere.node.trust import own_chain
    from dedere.protocol.card import read_card

    if arguments.place.is_dir():
        chain = own_chain(load_home(arguments.place))
        _tell(chain.newest)
        for card in chain.cards[:-1]:
            print(f"  before it   card {card.card.serial} of {card.card.valid_from}, digest {card.digest}")
        return 0
    card = _unverified(_read(arguments.place))
    _tell(card)
    if read_card(card.container).previous is not None:
        print("  It follows another card; `dedere card pin` checks that it was signed by that card's key.")
    return 0


def _tell(card: SignedCard) -> None:
    content = card.card
    print(f"{content.name} ({content.state})")
    print(f"  card {content.serial}, valid {content.valid_from} to {content.valid_until}")
    print(f"  fingerprint {card.fingerprint}")
    print(f"  functions   {', '.join(content.functions)}")
    print(f"  languages   {', '.join(content.languages)}")
    print(f"  addresses   {', '.join(content.addresses) or 'none: it fetches its letters'}")
    print(f"  custodians  {len(content.custodian_recipients) or 'none: no protected identity can be sent here'}")
    print(f"  digest      {card.digest}")
    for revocation in content.revocations:
        kind = "stolen since" if revocation.compromised else "revoked from"
        print(
            f"  revokes     {revocation.card[:16]}…, {kind} {revocation.since:%Y-%m-%d %H:%M} UTC {revocation.reason}"
        )


def _export(arguments: argparse.Namespace) -> int:
    from dedere.node.home import load_home
    from dedere.node.trust import own_chain

    chain = own_chain(load_home(arguments.home))
    cards = chain.cards if arguments.file.is_dir() else (chain.newest,)
    for card in cards:
        path = arguments.file
        if path.is_dir():
            path = path / f"{card.card.state}-{card.card.serial:04d}.card.asice"
        _write(path, card.container)
        print(path)
    print(f"Give them to the partner by any way, and this fingerprint by another: {chain.newest.fingerprint}")
    return 0


def _rotate(arguments: argparse.Namespace) -> int:
    from dedere.node.home import load_home
    from dedere.node.issuing import KeyUse, Wish

    wanted = set(KEYS) if "all" in arguments.key else set(arguments.key)
    home = load_home(arguments.home)
    custodians = _custodians(home) if arguments.custodians else None
    card = _issue(home, Wish(keys=frozenset(KeyUse(name) for name in wanted), custodians=custodians))
    if wanted & {"gateway", "tls"}:
        print("The old connection keys are used for two weeks more, so that partners can fetch this card with them.")
    if "sealing" in wanted:
        print(f"What lies in the vault stays sealed to the old key until `dedere vault rotate {home.folder}`.")
    if card.card.addresses:
        print("Partners fetch the card by themselves within a day. Whoever cannot call here needs the file:")
    else:
        print("Nobody can call here, so partners need the file:")
    print(f"  dedere card export {home.folder} FILE")
    return 0


def _custodians(home: Home) -> tuple[str, ...]:
    """The public keys of the custodians who work here, as another custodian confirmed them."""
    from dedere.cli.commands.node import set_up_django

    set_up_django(home.folder)
    from dedere.node.persons.actions import recipients_in_use

    found = recipients_in_use()
    if not found:
        raise InputError("No custodian's key is confirmed: custodians make and confirm theirs under Protection.")
    return found


def _revoke(arguments: argparse.Namespace) -> int:
    from dedere.node.home import load_home
    from dedere.node.issuing import KeyUse, Wish, revocation_of

    now = SystemClock().now()
    since = parse_instant(arguments.since) if arguments.since else now.replace(microsecond=0)
    if since > now:
        raise InputError("A card is revoked from an instant that has come.")
    home = load_home(arguments.home)
    revocation = revocation_of(
        home, arguments.digest, since=since, stolen=arguments.stolen, reason=arguments.reason.strip()
    )
    keys = frozenset(KeyUse) if arguments.stolen else frozenset[KeyUse]()
    _issue(home, Wish(keys=keys, at_once=arguments.stolen, revocations=(revocation,)))
    if arguments.stolen:
        print("Tell every partner now, by another way, that the card was stolen and since when:")
        print(f"  dedere card compromise THEIR-HOME {revocation.card} --since {arguments.since or f'{since:%FT%TZ}'}")
        print("Then give them the new card's file and fingerprint. They take nothing under the old one from then on.")
    return 0


def _issue(home: Home, wish: Wish) -> SignedCard:
    """Issue the next card, tell it and log it."""
    from dedere.cli.commands.node import set_up_django
    from dedere.node.issuing import issue_next

    set_up_django(home.folder)
    from dedere.node.exchange.actions import note_issued_card

    card = issue_next(home, wish, clock=SystemClock(), identifiers=RandomIdentifiers())
    note_issued_card()
    _tell(card)
    return card


def _pin(arguments: argparse.Namespace) -> int:
    from dedere.cli.commands.node import set_up_django
    from dedere.node.home import load_home

    set_up_django(load_home(arguments.home).folder)
    from dedere.node.exchange.actions import pin_cards

    card = pin_cards(by=None, containers=_containers(arguments.files), fingerprint=arguments.fingerprint)
    print(f"The card of {card.card.name} ({card.card.state}) is pinned: letters can be exchanged.")
    if not arguments.fingerprint:
        print("It was signed by a key of the card pinned before it; no fingerprint was compared.")
        print(f"To compare it nevertheless: {card.fingerprint}")
    return 0


def _compromise(arguments: argparse.Namespace) -> int:
    from dedere.cli.commands.node import set_up_django
    from dedere.node.home import load_home

    set_up_django(load_home(arguments.home).folder)
    from dedere.node.exchange.actions import report_compromise

    report_compromise(by=None, digest=arguments.digest, since=parse_instant(arguments.since))
    print("Noted: nothing new under this card is taken from now on.")
    return 0


def _containers(files: Iterable[Path]) -> list[bytes]:
    return [_read(path) for path in files]


def _unverified(container: bytes) -> SignedCard:
    """A card from a file, for a person's eyes: what it says of itself is not proven by that."""
    from dedere.crypto.digests import sha256_hex
    from dedere.protocol.card import SignedCard, read_card

    return SignedCard(read_card(container), sha256_hex(container), container)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FacilityError(f"{path} cannot be read: {error.strerror}.") from error


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise FacilityError(f"{path} cannot be written: {error.strerror}.") from error
