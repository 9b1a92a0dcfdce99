"""What `deploy/` offers to copy: units that systemd takes and finds tight, a configuration that nginx takes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
# systemd's own measure: 0 is a process that can do nothing, 10 one that may do everything.
LOOSEST = {"dedere.service": 15, "dedere-backup.service": 10}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_as_a_user_of_its_own_and_can_gain_nothing(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    for line in ("User=dedere", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "UMask=0077"):
        assert line in text.splitlines()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_a_unit_tight(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here.")
    words = ["systemd-analyze", "security", "--offline=true", "--json=short", f"--threshold={LOOSEST[unit.name]}"]
    done = subprocess.run([*words, str(unit)], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").iterdir()), ids=lambda unit: unit.name)
def test_systemd_understands_every_line(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here.")
    copies = shutil.copytree(DEPLOY / "systemd", tmp_path / "units")
    for copy in copies.iterdir():  # the program is not installed here; its place is not what is looked at
        copy.write_text(copy.read_text(encoding="utf-8").replace("/opt/dedere/bin/dedere", "/bin/true"))
    words = ["systemd-analyze", "verify", "--man=no", str(copies / unit.name)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "dedere" in line]
    assert not ours, done.stderr


def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx" / "dedere.conf").read_text(encoding="utf-8")
    assert "ssl_protocols TLSv1.3;" in text
    assert "8443" not in text, "nothing may end TLS before the gateway"
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not here.")
    subject = ["-subj", "/CN=office.example", "-days", "1"]
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject, "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    text = re.sub(r"/etc/nginx/tls/\S+\.pem", str(certificate), text)
    text = re.sub(r"/etc/nginx/tls/\S+\.key", str(key), text).replace("/var/log/nginx", str(tmp_path))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{text}\n}}\n")
    done = subprocess.run(["nginx", "-t", "-c", whole, "-p", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_page_about_services_names_every_file() -> None:
    page = (ROOT / "docs" / "operate" / "services.md").read_text(encoding="utf-8")
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            assert path.relative_to(ROOT).as_posix() in page
