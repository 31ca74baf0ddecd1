"""What tests measure: a server that answers as Prometheus does; and a real Prometheus on this machine, with a service for it to
watch, whose errors a test sets."""

import asyncio
import json
import os
import shutil
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest

from tests.calling.servers import Server, says, serving

_CONFIG = """
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - {{job_name: checkout, static_configs: [{{targets: ["127.0.0.1:{port}"]}}]}}
"""
REQUESTS_A_SECOND = 100


class Numbers:
    """A server that answers as Prometheus does: a number for each time that is asked for, as it was set then."""

    def __init__(self) -> None:
        self._changes: list[tuple[float, float | None]] = []

    def are(self, value: float | None, since: float) -> None:
        """From this time on; None: there is no such series any more."""
        self._changes.append((since, value))

    async def __call__(self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        form = {name: value[0] for name, value in parse_qs(server.seen[-1].split(b"\r\n\r\n")[1].decode()).items()}
        start, end, step = (float(form[name]) for name in ("start", "end", "step"))
        times = [start + number * step for number in range(round((end - start) / step) + 1)]
        values = [[at, str(value)] for at in times if (value := self._at(at)) is not None]
        result = [{"metric": {}, "values": values}] if values else []
        said: Mapping[str, Any] = {"status": "success", "data": {"resultType": "matrix", "result": result}}
        await says(200, json.dumps(said).encode())(server, reader, writer)

    def _at(self, at: float) -> float | None:
        return next((value for since, value in reversed(self._changes) if since <= at), None)


class Exporter:
    """A service that has served 100 requests a second since it began, so many in a hundred of them with an error. While `is_silent`
    it counts no requests any more, as if it had been deployed without them."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._requests = self._errors = 0.0
        self._percent = 0.0
        self.is_silent = False

    def fails(self, percent: float) -> None:
        """From now on so many in a hundred requests fail."""
        self._count()
        self._percent = percent

    def _count(self) -> None:
        now = time.monotonic()
        served = (now - self._since) * REQUESTS_A_SECOND
        self._since, self._requests = now, self._requests + served
        self._errors += served * self._percent / 100

    async def __call__(self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._count()
        lines = [f"http_requests_total {self._requests}", f"http_errors_total {self._errors}"]
        body = "" if self.is_silent else "\n".join([*lines, ""])
        writer.write(
            f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        await writer.drain()


def prometheus_binary() -> str:
    """Where Prometheus is. Without it the test is skipped, or fails where LOCKSTEP_TEST_REQUIRE asks for it."""
    found = shutil.which("prometheus")
    if found is None and "prometheus" in os.environ.get("LOCKSTEP_TEST_REQUIRE", "").split(","):
        pytest.fail("Debian's prometheus is not installed, and LOCKSTEP_TEST_REQUIRE asks for it.")
    if found is None:
        pytest.skip("No prometheus is installed.")
    return found


@asynccontextmanager
async def prometheus(folder: Path, exporter: Exporter) -> AsyncIterator[str]:
    """The address of a Prometheus that looks at the service every second."""
    binary = prometheus_binary()
    async with serving(exporter) as watched:
        (folder / "prometheus.yml").write_text(_CONFIG.format(port=watched.port))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with (folder / "log").open("w") as log:
            running = await asyncio.create_subprocess_exec(
                *(binary, f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}"),
                f"--web.listen-address=127.0.0.1:{port}",
                stdout=log,
                stderr=log,
            )
        try:
            await _answers(f"http://127.0.0.1:{port}/-/ready", running)
            yield f"http://127.0.0.1:{port}"
        finally:
            if running.returncode is None:
                running.terminate()
            await running.wait()


async def _answers(url: str, running: asyncio.subprocess.Process) -> None:
    async with aiohttp.ClientSession() as session:
        while running.returncode is None:
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    pytest.fail(f"Prometheus ended with {running.returncode}.")
