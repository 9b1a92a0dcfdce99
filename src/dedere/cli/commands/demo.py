"""`dedere demo`: two fictional offices on this machine, one request between them, end to end."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import socket
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.errors import InputError

if TYPE_CHECKING:
    from dedere.cli.demonstration.office import DemonstrationOffice

UNITS = {"K": 1024, "M": 1024**2, "G": 1024**3}
SUMMARY_VERSION = "dedere-demo/1"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "--once", action="store_true", help="end after the last check; otherwise both offices stay open"
    )
    parser.add_argument("--evidence", default="64M", metavar="SIZE", help="size of the evidence file, e.g. 64M or 1G")
    parser.add_argument("--folder", type=Path, default=Path("demo"), help="where the homes are made (emptied first)")
    parser.add_argument(
        "--request", type=Path, default=Path("examples/nl-sn-mla/request.toml"), help="the request file to send"
    )
    parser.add_argument(
        "--kill",
        action="append",
        default=[],
        metavar="STATE@SHARE",
        help="SIGKILL a node when a share of the evidence has moved, e.g. SN@0.4, and start it again; may be repeated",
    )


def run(arguments: argparse.Namespace) -> int:
    """Make both homes, run the story, verify both dossiers, and leave the offices open unless `--once`."""
    from dedere.cli.demonstration.attachments import make_evidence, prepare_request
    from dedere.cli.demonstration.fault import PowerCut
    from dedere.cli.demonstration.homes import NETHERLANDS, SENEGAL, Ports, make_home, pin_each_other
    from dedere.cli.demonstration.office import DemonstrationOffice
    from dedere.cli.demonstration.proof import prove
    from dedere.cli.demonstration.story import Story, tell_story

    # Whoever ends the demonstration from outside ends its offices too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    size = _size(arguments.evidence)
    cuts = [PowerCut.parse(wish) for wish in arguments.kill]
    if not arguments.request.is_file():
        raise InputError(f"{arguments.request} is not there: run the demo in a checkout, or name a request file.")
    folder = _fresh(arguments.folder)
    began = time.monotonic()
    print("A demonstration. Every person, place and event in it is fictional.", flush=True)
    ports = _free_ports(4)
    with ThreadPoolExecutor() as both:
        homes = list(
            both.map(
                lambda each: make_home(folder / each[0].state.lower(), each[0], Ports(*each[1])),
                ((NETHERLANDS, ports[:2]), (SENEGAL, ports[2:])),
            )
        )
    pin_each_other(*homes)
    request = prepare_request(arguments.request, folder / "request")
    evidence = make_evidence(folder / "made-by-program" / "survey-of-dol.bin", size)
    print(
        f"{time.monotonic() - began:7.1f} s      Two homes are made, each other's card compared and pinned", flush=True
    )
    with ExitStack() as stack:
        dutch, senegalese = (
            stack.enter_context(DemonstrationOffice(home, folder / f"{home.state.lower()}.log")) for home in homes
        )
        for office, cast in ((dutch, NETHERLANDS), (senegalese, SENEGAL)):
            office.do("begin_work", officer="", officers=[asdict(person) for person in cast.officers])
            office.wait()
        print(f"{time.monotonic() - began:7.1f} s      Both nodes answer, their officers are at work", flush=True)
        story = Story(dutch, senegalese, tell=lambda line: print(line, flush=True), started=began, cuts=cuts)
        tell_story(story, request=request, evidence=evidence)
        summary = {"version": SUMMARY_VERSION, "evidence_bytes": size, **prove(story), "steps": story.steps}
        summary["seconds"] = round(time.monotonic() - began, 2)
        path = folder / "summary.json"
        path.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{time.monotonic() - began:7.1f} s      Everything holds. Summary: {path}", flush=True)
        if not arguments.once:
            _stay_open({"NL": dutch, "SN": senegalese})
    return 0


def _stay_open(offices: Mapping[str, DemonstrationOffice]) -> None:
    casts = {"NL": ("anna", "bram", "carla", "dirk", "ella"), "SN": ("awa", "babacar", "coumba", "demba", "eumeu")}
    for state, office in offices.items():
        print(f"\nThe office of {office.home.name}: {office.home.pages.url}")
        for officer in casts[state]:
            token = office.do("sign_in_link", officer=officer)["token"]
            print(f"  {officer:8} {office.home.pages.url}/sign-in/{token}/")
    print("\nEach link signs in once. Ctrl-C ends the demonstration.", flush=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        print("\nClosing both offices.", flush=True)


def _fresh(folder: Path) -> Path:
    folder = folder.resolve()
    if folder.exists():
        if any(folder.iterdir()) and not (folder / "demonstration").exists():
            raise InputError(f"{folder} is not empty and not a demonstration: choose another folder.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / "demonstration").write_text("This folder is emptied by the next demonstration.\n", encoding="utf-8")
    return folder


def _size(text: str) -> int:
    number, unit = (text[:-1], text[-1].upper()) if text[-1:].upper() in UNITS else (text, "")
    if not number.isdigit():
        raise InputError(f"{text!r} is not a size: write it like 64M or 1G.")
    return int(number) * UNITS.get(unit, 1)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()
