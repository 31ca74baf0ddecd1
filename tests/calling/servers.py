"""Real servers on this machine that answer as they are told, and note what they were asked."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.core.hosts import Host

Says = Callable[["Server", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """A server that listens here. `seen` are the requests, as they came: head and body."""

    def __init__(self, says: Says) -> None:
        self._says = says
        self.seen: list[bytes] = []
        self.names: list[str | None] = []
        self.port = 0
        self.address = ""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.seen.append(await _request(reader))
            await self._says(self, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    def host(self, name: str = "edge.internal", **more: object) -> Host:
        """It, as a policy lists it."""
        return Host.model_validate({"host": name, "port": self.port, "internal": True, **more})

    def lines(self, number: int = 0) -> list[str]:
        """The lines of the head of a request."""
        return self.seen[number].split(b"\r\n\r\n")[0].decode().split("\r\n")


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((line[15:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b"0")
    return head + await reader.readexactly(int(length))


def says(status: int = 200, body: bytes = b"fine", *headers: str) -> Says:
    """This answer."""
    lines = (f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers, "", "")

    async def answer(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return answer


def one_after_the_other(*answers: Says) -> Says:
    """These answers, the last one for all further requests."""

    async def answer(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answers[min(len(server.seen), len(answers)) - 1](server, reader, writer)

    return answer


async def breaks_off(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """No answer: the connection ends."""


async def hangs(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """No answer, until the other side goes away."""
    await reader.read()


@asynccontextmanager
async def serving(says: Says, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """A server at this address, at a free port."""
    server = Server(says)
    if tls:
        tls.sni_callback = lambda _, name, __: server.names.append(name)
    listening = await asyncio.start_server(server, address, 0, ssl=tls)
    server.address, server.port = listening.sockets[0].getsockname()[:2]
    try:
        yield server
    finally:
        listening.close()


class Names:
    """Names that lead where a test says: each look-up gives the next answer, the last one from then on."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


HERE = ("127.0.0.1",)


async def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate for this name: for a server, and for a client that trusts it and nothing else."""
    key, signed = folder / "key.pem", folder / "certificate.pem"
    made = await asyncio.create_subprocess_exec(
        *(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ),
        *("-keyout", str(key), "-out", str(signed), "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await made.wait() == 0
    serves = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serves.load_cert_chain(signed, key)
    return serves, ssl.create_default_context(cafile=str(signed))
