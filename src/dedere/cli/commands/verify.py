"""`dedere verify PATH`: checks a dossier, a letter, a receipt or a card, off line, with nothing but what is given.

Exit codes: 0 passed, 1 failed, 2 indeterminate (or nothing to verify).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.clock import SystemClock, parse_instant
from dedere.base.errors import InputError
from dedere.dossier.report import EXIT_CODES, Verdict
from dedere.dossier.verify import verify_path

if TYPE_CHECKING:
    import argparse

    from dedere.dossier.report import Check, VerificationReport

_MARKS = {Verdict.PASSED: "passed", Verdict.INDETERMINATE: "INDETERMINATE", Verdict.FAILED: "FAILED"}
_SHOWN = 20
_TELL_EVERY = 256 * 1024 * 1024


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("path", type=Path, help="a dossier (folder or .zip), a letter, a receipt or a card")
    parser.add_argument("--json", action="store_true", help="write the report as JSON")
    parser.add_argument("--at", metavar="INSTANT", help="judge as of this instant, e.g. 2040-01-01T00:00:00Z")
    parser.add_argument(
        "--trust",
        metavar="FINGERPRINT",
        action="append",
        default=[],
        help="a card's fingerprint that you have compared",
    )
    parser.add_argument(
        "--card", metavar="FILE", type=Path, action="append", default=[], help="a card to judge a letter or receipt by"
    )
    parser.add_argument(
        "--held",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="a head of the exporter's audit log that you hold: its checkpoint or a countersignature",
    )
    parser.add_argument("--code", metavar="CODE", help="what the QR code on a printed page holds: DEDERE:1:…")


def run(arguments: argparse.Namespace) -> int:
    """Verify and report."""
    at = parse_instant(arguments.at) if arguments.at else SystemClock().now()
    report = verify_path(
        arguments.path,
        at=at,
        trusted=arguments.trust,
        cards=[_read(path) for path in arguments.card],
        held=[_read(path) for path in arguments.held],
        progress=_Progress().told if sys.stderr.isatty() else None,
    )
    if arguments.code:
        from dedere.dossier.printed import with_printed_page

        report = with_printed_page(report, arguments.path, code=arguments.code)
    if arguments.json:
        print(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
    else:
        _show(report)
    return EXIT_CODES[report.verdict]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def _show(report: VerificationReport) -> None:
    print(f"{report.name}: a {report.subject.value}, judged as of {report.as_json()['at']}")
    for name, value in report.facts.items():
        print(f"  {name.replace('_', ' ')}: {_plain(value)}")
    for check in report.checks:
        _show_check(check)
    for item in report.left_out:
        print(f"left out: {item.kind} {_plain(item.id)} ({_plain(item.reason)}), SHA-256 {_plain(item.sha256)}")
    for anchor in report.anchors:
        compared = "one you have compared" if anchor.compared else "compare it with the note verbale"
        print(f"rests on: {anchor.state}, {_plain(anchor.name)}, fingerprint {anchor.fingerprint} ({compared})")
    print(f"verdict: {report.verdict.value}")


def _show_check(check: Check) -> None:
    print(f"{check.number:3}. {check.name:15} {_MARKS[check.verdict]:14} {check.question}")
    worth = [remark for remark in check.remarks if remark.verdict is not Verdict.PASSED or not remark.member]
    for remark in worth[:_SHOWN]:
        words = " ".join(filter(None, (remark.indication, remark.sub_indication, remark.code)))
        where = f"{_plain(remark.member)}: " if remark.member else ""
        print(f"       {where}{_plain(remark.sentence)}{f' [{words}]' if words else ''}")
    if len(worth) > _SHOWN:
        print(f"       … and {len(worth) - _SHOWN} more; --json lists them all.")


def _plain(text: str) -> str:
    """Text of somebody else, harmless to a terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)


class _Progress:
    """Tells a person at a terminal that something moves."""

    def __init__(self) -> None:
        self._bytes = 0
        self._told = 0

    def told(self, _member: str, count: int) -> None:
        """`count` more bytes were read."""
        self._bytes += count
        if self._bytes - self._told >= _TELL_EVERY:
            self._told = self._bytes
            print(f"\r{self._bytes / 1e9:.1f} GB read", end="\r", file=sys.stderr, flush=True)
