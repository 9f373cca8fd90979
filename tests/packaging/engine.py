"""A container engine as far as Testcontainers ask one: its only image is devidp's, and its containers are programs."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.cli.running import Running
from tests.packaging.dockerfile import stages, value

FINAL = stages()[-1]
EXPOSED = f"{value(FINAL, 'EXPOSE')}/tcp"
IMAGE = {"Id": "sha256:" + "0" * 64, "RepoTags": ["devidp:latest"], "Config": {"ExposedPorts": {EXPOSED: {}}}}
VERSION = {"Version": "28.2.2", "ApiVersion": "1.50", "MinAPIVersion": "1.24", "Os": "linux", "Arch": "amd64"}
INFO = {"ServerVersion": "28.2.2", "OperatingSystem": "none", "OSType": "linux", "MemTotal": 8 << 30, "Labels": []}


class Engine(ThreadingHTTPServer):
    """What runs in it, by id."""

    daemon_threads = True

    def __init__(self, home: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.home = home
        self.wanted: dict[str, dict[str, Any]] = {}
        self.running: dict[str, Running] = {}

    def create(self, wanted: dict[str, Any]) -> str:
        identifier = f"{len(self.wanted):064x}"
        self.wanted[identifier] = wanted
        return identifier

    def start(self, identifier: str) -> None:
        """The command of the image with the wanted variables, at a port of loopback that is not the image's."""
        wanted = self.wanted[identifier]
        (self.home / identifier).mkdir()
        variables = dict(each.split("=", 1) for each in wanted.get("Env") or ())
        words = wanted.get("Cmd") or json.loads(value(FINAL, "CMD"))
        here = "--host", "127.0.0.1", "--port", "0", "--ready-file", "ready.json"
        self.running[identifier] = Running(self.home / identifier, *words, *here, **variables)
        self.running[identifier].issuer()

    def end(self, identifier: str) -> None:
        running = self.running.pop(identifier, None)
        if running is not None:
            running.kill()

    def inspect(self, identifier: str) -> dict[str, Any]:
        wanted, up = self.wanted[identifier], identifier in self.running
        ports: dict[str, Any] = {}
        if up:
            url = json.loads((self.home / identifier / "ready.json").read_text())["url"]
            assert EXPOSED in wanted["ExposedPorts"]
            ports = {EXPOSED: [{"HostIp": "127.0.0.1", "HostPort": str(urlsplit(url).port)}]}
        return {
            "Id": identifier,
            "Name": f"/{identifier[-4:]}",
            "Image": IMAGE["Id"],
            "Created": "2026-01-01T00:00:00.000000000Z",
            "State": {"Status": "running" if up else "created", "Running": up, "ExitCode": 0,
                      "StartedAt": "2026-01-01T00:00:00Z", "FinishedAt": "0001-01-01T00:00:00Z"},
            "Config": wanted,
            "HostConfig": wanted.get("HostConfig", {}),
            "NetworkSettings": {"Ports": ports, "Networks": {}},
        }  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Engine

    def do_GET(self) -> None:
        self._answer(*self._found(self._path()))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        path = self._path()
        if path == "/containers/create":
            assert body["Image"].removesuffix(":latest") == "devidp", body["Image"]
            self._answer(201, {"Id": self.server.create(body), "Warnings": []})
        elif started := re.fullmatch(r"/containers/(\w+)/start", path):
            self.server.start(started[1])
            self._answer(204, None)
        elif ended := re.fullmatch(r"/containers/(\w+)/(kill|stop)", path):
            self.server.end(ended[1])
            self._answer(204, None)
        else:
            self._answer(404, {"message": f"this engine has no {path}"})

    def do_DELETE(self) -> None:
        self.server.end(self._path().rpartition("/")[2])
        self._answer(204, None)

    def _found(self, path: str) -> tuple[int, Any]:
        fixed = {"/_ping": "OK", "/version": VERSION, "/info": INFO, "/images/json": [IMAGE]}
        if path in fixed:
            return 200, fixed[path]
        if path in ("/images/devidp/json", "/images/devidp:latest/json"):
            return 200, IMAGE
        if path == "/containers/json":
            return 200, [{"Id": each} for each in self.server.wanted]
        asked = re.fullmatch(r"/containers/(\w+)/json", path)
        if asked and asked[1] in self.server.wanted:
            return 200, self.server.inspect(asked[1])
        return 404, {"message": f"this engine has no {path}"}

    def _path(self) -> str:
        return re.sub(r"^/v\d\.\d+", "", urlsplit(self.path).path)

    def _answer(self, status: int, found: Any) -> None:
        text = b"" if found is None else json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("API-Version", VERSION["ApiVersion"])
        if status != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Not on the console of the tests."""


@contextmanager
def running(home: Path) -> Iterator[str]:
    """The address of one, for ``DOCKER_HOST``; with it all of its containers end."""
    engine = Engine(home)
    thread = threading.Thread(target=engine.serve_forever)
    thread.start()
    try:
        yield f"tcp://localhost:{engine.server_address[1]}"
    finally:
        engine.shutdown()
        thread.join()
        for identifier in list(engine.running):
            engine.end(identifier)
        engine.server_close()
