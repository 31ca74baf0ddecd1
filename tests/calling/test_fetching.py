"""One request: where it goes, what is waited for, and what is known when it goes wrong. Against real servers on this machine."""

import asyncio
import gzip
import hashlib
import socket
from pathlib import Path

import pytest

from bot.calling.fetching import Fetcher, NotSent, Refused, Request, Response, Unanswered, look_up
from bot.core.hosts import Host, Target, target
from tests.calling.servers import HERE, Names, Server, breaks_off, certificate, hangs, says, serving


def request(host: Host, path: str = "/x", method: str = "POST", scheme: str = "http", **more) -> Request:
    """A request to this host."""
    url = f"{scheme}://{host.host}:{host.port}{path}"
    to = target(url, [host])
    assert isinstance(to, Target), to
    return Request(to, method, url, **more)


async def test_a_request_and_its_answer():
    async with serving(says(201, b"done")) as server:
        names = Names(HERE)
        sent = request(server.host(), "/a%2Fb?c=d", headers={"X-Why": "freeze"}, body=b"body")
        answer = await Fetcher(names).fetch(sent)
    assert answer == Response(201, b"done") and answer.digest == hashlib.sha256(b"done").hexdigest()
    assert names.asked == ["edge.internal"]
    _, body = server.seen[0].split(b"\r\n\r\n")
    assert body == b"body"
    lines = server.lines()
    assert lines[0] == "POST /a%2Fb?c=d HTTP/1.1"
    assert {f"Host: edge.internal:{server.port}", "X-Why: freeze", "User-Agent: Lockstep"} <= set(lines)


async def test_a_name_that_leads_elsewhere_a_moment_later_is_not_asked_again():
    async with serving(says()) as meant, serving(says(), "127.0.0.2") as other:
        names = Names(HERE, ["127.0.0.2"])
        await Fetcher(names).fetch(request(meant.host()))
        assert names.asked == ["edge.internal"]
    assert len(meant.seen) == 1 and other.seen == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.7"],
        ["::1"],
        ["fe80::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["169.254.169.254"],
        ["93.184.216.34", "127.0.0.1"],
        ["127.0.0.1", "93.184.216.34"],
        ["2606:4700::1111", "fd00::1"],
    ],
)
async def test_a_name_outside_that_leads_inside_is_not_called(addresses):
    async with serving(says()) as server:
        host = server.host("deploys.example.com", internal=False)
        with pytest.raises(Refused, match=r"deploys.example.com leads to .*, which must not be called"):
            await Fetcher(Names(addresses)).fetch(request(host, scheme="https"))
    assert server.seen == []


async def test_a_name_that_first_leads_outside_and_then_inside_is_held_to_the_first():
    """The server inside would answer; nothing is where the name led when it was looked at."""
    async with serving(says()) as server:
        names = Names(["192.168.255.254"], HERE)
        with pytest.raises(NotSent):
            await Fetcher(names).fetch(request(server.host(), seconds=1))
        assert names.asked == ["edge.internal"]
    assert server.seen == []


async def test_what_is_nobodys_is_not_called_even_for_hosts_that_are_internal():
    host = Host(host="edge.internal", internal=True, port=80)
    with pytest.raises(Refused):
        await Fetcher(Names(["169.254.169.254"])).fetch(request(host))


async def test_an_address_in_place_of_a_name_is_checked_too():
    async with serving(says()) as server:
        inside = server.host("127.0.0.1")
        assert (await Fetcher().fetch(request(inside))).status == 200
        with pytest.raises(Refused):
            await Fetcher().fetch(request(inside.but(internal=False), scheme="https"))
    assert len(server.seen) == 1


async def test_a_name_without_an_address():
    async def nothing(host: str, port: int):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with pytest.raises(NotSent, match=r"^edge.internal has no address$"):
        await Fetcher(nothing).fetch(request(Host(host="edge.internal", port=80, internal=True)))


async def test_this_machine_knows_its_own_name():
    assert set(await look_up("localhost", 80)) <= {"127.0.0.1", "::1"}


async def test_an_address_that_two_read_differently_is_not_called():
    host = Host(host="edge.internal", port=80, internal=True)
    with pytest.raises(Refused):
        await Fetcher(Names(HERE)).fetch(Request(Target(host, "http", 80), "GET", "http://other.internal/"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(status: int):
    async with serving(says()) as inside:
        to = f"Location: http://edge.internal:{inside.port}/admin"
        async with serving(says(status, b"", to)) as server:
            answer = await Fetcher(Names(HERE)).fetch(request(server.host()))
    assert answer.status == status and inside.seen == []


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"])
async def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch, name: str):
    async with serving(says()) as proxy, serving(says()) as server:
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        await Fetcher(Names(HERE)).fetch(request(server.host()))
    assert proxy.seen == [] and len(server.seen) == 1


async def test_no_cookie_is_kept():
    async with serving(says(200, b"", "Set-Cookie: session=1; Path=/")) as server:
        fetcher = Fetcher(Names(HERE))
        await fetcher.fetch(request(server.host()))
        await fetcher.fetch(request(server.host()))
    assert not any("cookie" in line.lower() for line in server.lines(1))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_what_has_no_answer_may_have_arrived_and_is_not_sent_again(method: str):
    async with serving(breaks_off) as server:
        with pytest.raises(Unanswered, match=r"the connection to edge.internal broke off"):
            await Fetcher(Names(HERE)).fetch(request(server.host(), method=method))
    assert len(server.seen) == 1


async def test_an_answer_that_does_not_come():
    async with serving(hangs) as server:
        with pytest.raises(Unanswered, match=r"^no answer from edge.internal within 2 s$"):
            await Fetcher(Names(HERE)).fetch(request(server.host(), seconds=2))


async def test_a_look_up_that_does_not_end():
    async def waits(host: str, port: int):
        await asyncio.sleep(60)
        return HERE

    with pytest.raises(NotSent, match=r"^no answer from edge.internal within 0.05 s$"):
        await Fetcher(waits).fetch(request(Host(host="edge.internal", port=80, internal=True), seconds=0.05))


async def test_where_nobody_listens_nothing_has_arrived():
    async with serving(says()) as server:
        host = server.host()
    with pytest.raises(NotSent, match=r"^edge.internal cannot be reached"):
        await Fetcher(Names(HERE)).fetch(request(host))


async def test_the_next_address_is_tried_when_nobody_listens_at_the_first():
    async with serving(says()) as server:
        answer = await Fetcher(Names(["127.0.0.9", "127.0.0.1"])).fetch(request(server.host()))
    assert answer.status == 200


async def test_a_long_answer_is_read_only_in_part():
    async with serving(says(200, b"x" * 300_000)) as server:
        answer = await Fetcher(Names(HERE)).fetch(request(server.host(), most_bytes=1000))
    assert answer == Response(200, b"x" * 1000, is_whole=False)
    with pytest.raises(ValueError):
        answer.json()


async def test_what_is_packed_is_not_unpacked():
    packed = gzip.compress(b"0" * 10_000_000)
    async with serving(says(200, packed, "Content-Encoding: gzip")) as server:
        answer = await Fetcher(Names(HERE)).fetch(request(server.host()))
    assert answer.body == packed


async def answers_in_part(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst")
    await writer.drain()
    if len(server.seen) == 1:
        await reader.read()


async def test_once_the_status_is_there_nothing_hangs_on_the_rest():
    async with serving(answers_in_part) as server:
        fetcher = Fetcher(Names(HERE))
        too_slow = await fetcher.fetch(request(server.host(), seconds=2))
        broken_off = await fetcher.fetch(request(server.host()))
    assert too_slow == broken_off == Response(200, b"first", is_whole=False)


async def endless_head(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(1_000_000):
        writer.write(b"X-%d: %s\r\n" % (number, b"y" * 5000))
        await writer.drain()


async def garbage(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\xff not HTTP\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize("answer", [endless_head, garbage])
async def test_what_is_no_answer_is_none(answer):
    async with serving(answer) as server:
        with pytest.raises(Unanswered):
            await Fetcher(Names(HERE)).fetch(request(server.host(), seconds=20))


async def test_the_certificate_must_be_for_the_name_and_the_name_is_asked_for(tmp_path: Path):
    serves, trusts = await certificate(tmp_path, "edge.internal")
    async with serving(says(), tls=serves) as server:
        answer = await Fetcher(Names(HERE), trusts).fetch(request(server.host(), scheme="https"))
        assert answer.status == 200 and server.names == ["edge.internal"]
        assert f"Host: edge.internal:{server.port}" in server.lines()
        with pytest.raises(NotSent, match=r"^the certificate of other.internal is not good$"):
            await Fetcher(Names(HERE), trusts).fetch(request(server.host("other.internal"), scheme="https"))
        with pytest.raises(NotSent, match=r"^the certificate of edge.internal is not good$"):
            await Fetcher(Names(HERE)).fetch(request(server.host(), scheme="https"))
    assert len(server.seen) == 1


async def test_a_server_without_tls_is_not_called_by_https():
    async with serving(says()) as server:
        with pytest.raises(NotSent):
            await Fetcher(Names(HERE)).fetch(request(server.host(), scheme="https"))


async def test_nothing_of_a_request_is_shown_by_its_text():
    sent = request(Host(host="edge.internal", port=80, internal=True), "/hush", headers={"A": "hush"}, body=b"hush")
    assert "hush" not in repr(sent) and "hush" not in repr(Response(200, b"hush"))
