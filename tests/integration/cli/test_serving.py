"""`dedere node serve`: one supervisor, three processes; what dies comes back, what is told to end ends cleanly."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import FacilityError
from dedere.cli.serving.process import main as run_process
from dedere.cli.serving.supervisor import only_supervisor, require_port, stop_all
from dedere.node.home import Listening, load_home
from support.commands import answers, free_port, page, refused, serving, until

if TYPE_CHECKING:
    from dedere.node.home import Home

from .conftest import without_gateway

pytestmark = pytest.mark.network


def processes(supervisor: int) -> dict[str, int]:
    """The processes of a node by name."""
    found = {}
    for child in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split():
        words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        if b"dedere.cli.serving.process" in words:
            found[words[-2].decode()] = int(child)
    return found


def are_three_others(now: dict[str, int], before: dict[str, int]) -> bool:
    """Of one look: a process that was killed takes its time to end, and is there at one look and gone at the next."""
    return len(now) == len(before) == 3 and not set(now.values()) & set(before.values())


def ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_what_dies_is_started_again_and_sigterm_ends_everything(listening: Home, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving(listening.folder, log) as node:
        until("the pages", lambda: page(f"{listening.pages.url}/sign-in/") == 200)
        until("the gateway", lambda: answers(listening.gateway.port))
        before = processes(node.pid)
        assert set(before) == {"pages", "gateway", "worker"}
        assert "is already being served by another supervisor" in refused("node", "serve", listening.folder, code=1)
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)
        until("all three again", lambda: are_three_others(processes(node.pid), before))
        until("the pages again", lambda: page(f"{listening.pages.url}/sign-in/") == 200)
        until("the gateway again", lambda: answers(listening.gateway.port))
        last = processes(node.pid)
        node.terminate()
        assert node.wait(30) == 0
        assert all(ended(pid) for pid in last.values())
    text = log.read_text()
    assert text.startswith(f"pages    {listening.pages.url}\ngateway  {listening.gateway.url}\n")
    for name in before:
        assert f"{name} ended with -9: starting it again in 0.2 s" in text
    assert "Traceback" not in text


def test_without_its_supervisor_nothing_goes_on_and_the_next_one_starts_at_once(
    listening: Home, tmp_path: Path
) -> None:
    with serving(listening.folder, tmp_path / "log") as node:
        until("the pages", lambda: page(f"{listening.pages.url}/sign-in/") == 200)
        orphans = processes(node.pid)
        node.kill()
        node.wait()
    with serving(listening.folder, tmp_path / "log") as node:
        until("the end of the orphans", lambda: all(ended(pid) for pid in orphans.values()))
        until("the pages again", lambda: page(f"{listening.pages.url}/sign-in/") == 200)
        os.kill(node.pid, signal.SIGINT)
        assert node.wait(30) == 0


def test_where_nobody_can_call_nobody_listens_and_another_port_is_kept(home: Path, tmp_path: Path) -> None:
    without_gateway(home)
    port, watch = free_port(), free_port()
    with (home / "home.toml").open("a") as settings:
        settings.write(f"\n[watch]\nport = {watch}\njson_logs = true\n")
    with serving(home, tmp_path / "log", "--port", port) as node:
        until("the pages", lambda: page(f"http://127.0.0.1:{port}/sign-in/") == 200)
        assert set(processes(node.pid)) == {"pages", "worker", "watch"}
        until("the worker's word", lambda: page(f"http://127.0.0.1:{watch}/ready") == 200)
        assert page(f"http://127.0.0.1:{watch}/metrics") == 200
        assert page(f"http://127.0.0.1:{port}/metrics") == 404
        node.terminate()
        assert node.wait(30) == 0
    assert "gateway  none: this node fetches its letters" in (tmp_path / "log").read_text()
    assert load_home(home).pages == Listening("127.0.0.1", port, f"http://127.0.0.1:{port}")


def test_a_port_that_is_taken_is_named_before_anything_starts(listening: Home) -> None:
    with socket.create_server(("127.0.0.1", listening.gateway.port)):
        sentence = refused("node", "serve", listening.folder, code=1)
    assert f"Nothing can listen at 127.0.0.1, port {listening.gateway.port} (Address already in use)" in sentence


@pytest.mark.parametrize("port", [0, 70000, -1])
def test_a_port_that_is_none_changes_nothing(home: Path, port: int) -> None:
    before = (home / "home.toml").read_bytes()
    assert "port must be between 1 and 65535" in refused("node", "serve", home, "--port", port)
    assert (home / "home.toml").read_bytes() == before


def test_another_port_leaves_an_address_of_its_own_alone(home: Path) -> None:
    path = home / "home.toml"
    path.write_text(path.read_text().replace("http://127.0.0.1:8000", "https://office.example"))
    (home / "keys" / "sealing.age").chmod(0o644)  # so that it is not served
    assert "chmod 600" in refused("node", "serve", home, "--port", "8001", code=1)
    assert load_home(home).pages == Listening("127.0.0.1", 8001, "https://office.example")


def test_a_node_with_something_to_do_soon_is_served_and_says_so(home: Path, tmp_path: Path) -> None:
    without_gateway(home)
    path = home / "home.toml"
    path.write_text(re.sub(r"polls = .*", "polls = []", path.read_text()))
    with serving(home, tmp_path / "log") as node:
        until("a word", lambda: "pages    http" in (tmp_path / "log").read_text())
        node.terminate()
        assert node.wait(30) == 0
    assert "home.toml says the gateway is at no address" in (tmp_path / "log").read_text()


def test_an_address_that_is_not_this_machines_cannot_be_listened_at() -> None:
    with pytest.raises(FacilityError, match=r"192\.0\.2\.1, port 8000 \(Cannot assign"):
        require_port(Listening("192.0.2.1", 8000, ""), within=0)
    require_port(Listening("127.0.0.1", free_port(), ""))
    require_port(Listening("::1", free_port(), ""))


def test_a_port_that_becomes_free_is_waited_for() -> None:
    port = free_port()
    holding = "import socket, sys, time\nheld = socket.create_server(('127.0.0.1', int(sys.argv[1])))\nprint('held', flush=True)\ntime.sleep(0.5)\n"
    with subprocess.Popen([sys.executable, "-c", holding, str(port)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        require_port(Listening("127.0.0.1", port, ""), within=20)


def test_a_process_that_does_not_end_is_killed_and_that_is_not_clean() -> None:
    deaf = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf', flush=True)\ntime.sleep(60)\n"
    with (
        subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as stubborn,
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as willing,
        subprocess.Popen([sys.executable, "-c", ""]) as gone,
    ):
        assert stubborn.stdout is not None
        stubborn.stdout.readline()
        gone.wait()
        assert stop_all([gone, willing], within=10)
        assert not stop_all([stubborn], within=0.2)
        assert stubborn.returncode == -signal.SIGKILL


def test_a_home_is_let_go_when_its_supervisor_is_done(home: Path) -> None:
    served = load_home(home)
    for _ in range(2):
        with only_supervisor(served):
            assert (served.run / "supervisor.lock").read_text() == f"{os.getpid()}\n"
            with pytest.raises(FacilityError, match="another supervisor"), only_supervisor(served):
                raise AssertionError


def test_a_process_is_named_once(home: Path) -> None:
    with pytest.raises(ValueError, match="unpack"):
        run_process([])
