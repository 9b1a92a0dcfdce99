"""What the README and docs/operate tell an operator to type can be typed, in that order, and works."""

from __future__ import annotations

import re
import shlex
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.commands import ROOT, free_port, page, run, said, serving, until

pytestmark = pytest.mark.network


def commands(path: str, fence: str) -> Iterator[list[str]]:
    """The words of every `dedere` command in the blocks of a page."""
    text = (ROOT / path).read_text(encoding="utf-8")
    for block in re.findall(rf"```{fence}\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            if found := re.match(r"(?:\$ )?dedere (.*)", line):
                yield shlex.split(found[1], comments=True)


class Operator:
    """Types what a page says, in a folder where `sn` is the home of a partner."""

    def __init__(self, folder: Path, partner: Path) -> None:
        self.folder = folder
        self.typed: list[str] = []
        self.answers = {"DIGEST": "", "FINGERPRINT": ""}
        (folder / "sn").symlink_to(partner)
        (folder / "medium").mkdir()
        (folder / "passphrase").write_text("a passphrase of the tests\n")
        said("card", "export", partner, folder / "sn.card.asice")

    def types(self, words: list[str]) -> None:
        """Type one command, with the page's stand-ins replaced by what the commands before it said."""
        places = {"HOME": "nl", "nl": "nl", "sn": "sn", "medium": "medium", "nl.card.asice": "nl.card.asice"}
        places |= {"sn.card.asice": "sn.card.asice"}
        here = [str(self.folder / places[word]) if word in places else word for word in words]
        here = [word.replace("/etc/dedere", str(self.folder)) for word in here]
        here = [self.answers.get(word, word) for word in here]
        command = " ".join(words[:2])
        self.typed.append(command)
        match command:
            case "node init":
                here += ["--pages-port", str(free_port()), "--gateway-port", str(free_port())]
                link = re.search(r"note verbale: (.+)", said(*here))
                assert link is not None
            case "node serve":
                self._serves(here)
            case "pack nl" | "unpack sn" | "unpack nl":
                done = run(*here)
                assert done.returncode == 2
                assert "Nothing waits for SN" in done.stderr or "holds no carrier" in done.stderr
            case "card pin":
                theirs = re.search(r"fingerprint (.+)", said("card", "show", self.folder / "sn.card.asice"))
                assert theirs is not None
                said(*[theirs[1].strip() if word in {"", "…"} else word for word in here])
                said("card", "pin", self.folder / "sn", *self._own_card())
            case "card revoke":
                self.answers["DIGEST"] = self._digest()
                said(*[self.answers["DIGEST"] if word == "" else word for word in here])
            case "verify DOSSIER":
                return  # tests/exchange/test_two_nodes.py
            case _:
                said(*here)

    def _own_card(self) -> list[str]:
        text = said("card", "show", self.folder / "nl")
        fingerprint = re.search(r"fingerprint (.+)", text)
        assert fingerprint is not None
        said("card", "export", self.folder / "nl", self.folder / "own")
        return [str(self.folder / "own"), "--fingerprint", fingerprint[1].strip()]

    def _digest(self) -> str:
        """Of the card that the partner has pinned: our first."""
        found = re.search(r"card 1 of \S+, digest (\w+)", said("card", "show", self.folder / "nl"))
        assert found is not None
        return found[1]

    def _serves(self, words: list[str]) -> None:
        url = re.search(r'\[pages\].*?url = "(.*?)"', (self.folder / "nl" / "home.toml").read_text(), re.DOTALL)
        assert url is not None
        with serving(Path(words[2]), self.folder / "log") as node:
            until("the pages", lambda: page(f"{url[1]}/sign-in/") == 200)
            node.send_signal(signal.SIGTERM)
            assert node.wait(30) == 0


@pytest.mark.parametrize(("path", "fence"), [("docs/operate/README.md", "console"), ("README.md", "sh")])
def test_every_command_of_the_page_works_as_it_stands(
    founded: dict[str, Path], tmp_path: Path, path: str, fence: str
) -> None:
    operator = Operator(tmp_path, shutil.copytree(founded["SN"], tmp_path / "partner"))
    for words in commands(path, fence):
        operator.types(words)
    assert {"node init", "node officer", "node check", "node serve", "card export", "card pin"} <= set(operator.typed)
