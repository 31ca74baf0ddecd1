"""One request over HTTP, and its answer. The host's name is looked up once, every address it has is checked, and the connection
goes to one of those: what the name leads to a moment later does not matter. No redirect is followed, no proxy of the environment
asked, no cookie kept, and nothing is sent twice. What is raised says nothing of the address but the host."""

import asyncio
import hashlib
import json
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.calling.addresses import is_allowed
from bot.core.hosts import Target

CONNECT_SECONDS = 5.0
MOST_BYTES = 1_000_000

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the addresses of a host. Raises OSError when it has none."""


class NotSent(Exception):
    """It has certainly not arrived. The words say why."""


class Refused(NotSent):
    """It was not sent, since it must not be."""


class Unanswered(Exception):
    """It may have arrived or not. The words say what happened."""


@dataclass(frozen=True)
class Request:
    """What is sent, and how much of an answer is waited for. Its text shows nothing of it, since there may be secrets in it."""

    target: Target
    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    seconds: float = 10.0
    most_bytes: int = MOST_BYTES


@dataclass(frozen=True)
class Response:
    """What came back. `is_whole` is False when it was too long, or broke off: the body is what was read of it. The `headers` stand
    under their names in small letters."""

    status: int
    body: bytes = field(repr=False)
    is_whole: bool = True
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def digest(self) -> str:
        """The SHA-256 of the body, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()

    def json(self) -> Any:
        """The body, read as JSON. ValueError when it is none, or not whole."""
        if not self.is_whole:
            raise ValueError("it is not whole")
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("it is too deep") from None


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses that this machine finds for a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Fetcher:
    """Makes requests. `look_up` finds the addresses of a host; `tls` says which certificates count."""

    def __init__(self, look_up: Lookup = look_up, tls: ssl.SSLContext | None = None) -> None:
        self._look_up = look_up
        self._tls: ssl.SSLContext | bool = tls or True

    async def addresses(self, target: Target) -> Sequence[str]:
        """The addresses that this host has now. Refused when one of them must not be connected to; NotSent when there is none."""
        name = target.host.host
        try:
            found = await self._look_up(name, target.port)
        except (OSError, UnicodeError):
            found = ()
        if not found:
            raise NotSent(f"{name} has no address")
        for address in found:
            if not is_allowed(address, is_internal=target.host.internal):
                raise Refused(f"{name} leads to {address}, which must not be called")
        return found

    async def fetch(self, request: Request) -> Response:
        """Send it and wait for the answer, whatever that says. Raises Refused, NotSent or Unanswered."""
        way = _Way(request)
        try:
            async with asyncio.timeout(request.seconds):
                way.addresses = await self.addresses(request.target)
                await self._send(request, way)
        except TimeoutError:
            why = f"no answer from {way.name} within {request.seconds:g} s"
        except aiohttp.ClientConnectorCertificateError:
            why = f"the certificate of {way.name} is not good"
        except aiohttp.ClientConnectorError as error:
            why = f"{way.name} cannot be reached ({error.os_error.strerror or 'no connection'})"
            why = way.broke_off if way.is_connected else why
        except (aiohttp.ClientError, OSError, ValueError):
            why = way.broke_off
        else:
            why = ""
        return way.response(why)

    async def _send(self, request: Request, way: "_Way") -> None:
        connector = aiohttp.TCPConnector(
            resolver=way, use_dns_cache=False, force_close=True, ssl=self._tls, socket_factory=way.socket
        )
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            trace_configs=[way.trace()],
            auto_decompress=False,
            headers={"User-Agent": "Lockstep", "Accept-Encoding": "identity"},
        )
        async with (
            session,
            session.request(
                request.method, way.url, headers=request.headers, data=request.body, allow_redirects=False
            ) as answer,
        ):
            way.status = answer.status
            way.headers = {name.lower(): value for name, value in answer.headers.items()}
            async for part in answer.content.iter_any():
                way.read += part
                if len(way.read) > request.most_bytes:
                    way.is_cut = True
                    return


class _Way(AbstractResolver):
    """The way of one request: to the addresses that were checked and no others, and over one connection."""

    def __init__(self, request: Request) -> None:
        self.name = request.target.host.host
        self.addresses: Sequence[str] = ()
        self.url = URL(request.url, encoded=True)
        self.status: int | None = None
        self.headers: Mapping[str, str] = {}
        self.read = bytearray()
        self.is_cut = False
        self.broke_off = f"the connection to {self.name} broke off"
        self._most = request.most_bytes
        self.is_connected = False
        if (self.url.raw_host, self.url.port, self.url.scheme) != (
            self.name,
            request.target.port,
            request.target.scheme,
        ):
            raise Refused(f"the address does not lead to {self.name} for everybody who reads it")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """What was looked up and checked before."""
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self.addresses
        ]

    async def close(self) -> None:
        """There is nothing to close."""

    def socket(self, address: tuple[int, int, int, str, tuple[Any, ...]]) -> socket.socket:
        """The socket for a connection. The last word on where it goes; and there is only one connection, since aiohttp would send
        a PUT or DELETE again over another when the first breaks."""
        family, kind, protocol, _, (host, *_) = address
        if self.is_connected or host not in self.addresses:
            raise OSError(f"no connection to {host} was asked for")
        return socket.socket(family, kind, protocol)

    def trace(self) -> aiohttp.TraceConfig:
        """Notes when there is a connection: from then on nobody knows what has arrived."""
        config = aiohttp.TraceConfig()

        async def connected(*_: object) -> None:
            self.is_connected = True

        config.on_connection_create_end.append(connected)
        return config

    def response(self, why: str) -> Response:
        """What came back. Once a status is there nothing hangs on the rest. `why` it ended before its end; else empty."""
        if self.status is not None:
            is_whole = not (why or self.is_cut)
            return Response(self.status, bytes(self.read[: self._most]), is_whole, self.headers)
        raise Unanswered(why) if self.is_connected else NotSent(why)
