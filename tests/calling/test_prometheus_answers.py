"""What Prometheus answers, read: one number at a time, or why there is none."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.calling.fetching import Fetcher, Response
from bot.core.playbooks.judging import Sample
from bot.prometheus import MOST_SAMPLES, Lack, Prometheus, place, read
from tests.calling.servers import HERE, Names, Server, says, serving

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
AT = NOON.timestamp()


def answer(data: object, status: int = 200, **more: object) -> Response:
    """An answer of the API with this data."""
    return Response(status, json.dumps({"status": "success", "data": data, **more}).encode())


def vector(*values: str) -> Response:
    """A series for each number, at noon."""
    result = [{"metric": {"n": str(number)}, "value": [AT, value]} for number, value in enumerate(values)]
    return answer({"resultType": "vector", "result": result})


def matrix(*series: list[str]) -> Response:
    """Series with a number a minute, from noon on."""
    result = [
        {"metric": {}, "values": [[AT + 60 * minute, value] for minute, value in enumerate(values)]}
        for values in series
    ]
    return answer({"resultType": "matrix", "result": result})


def samples(*values: float) -> tuple[Sample, ...]:
    """A number a minute, from noon on."""
    return tuple(Sample(at=NOON + timedelta(minutes=minute), value=value) for minute, value in enumerate(values))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (vector("0.25"), samples(0.25)),
        (vector("0"), samples(0)),
        (vector("1e-7"), samples(1e-7)),
        (answer({"resultType": "scalar", "result": [AT, "3"]}), samples(3)),
        (matrix(["1", "2", "3"]), samples(1, 2, 3)),
    ],
)
def test_one_number_at_a_time_counts(given: Response, expected: tuple[Sample, ...]):
    found = read(given)
    assert (found.samples, found.lack) == (expected, None)
    assert found.series.was_answered and found.series.samples == expected


def test_a_number_that_is_none_is_left_out():
    found = read(matrix(["1", "NaN", "3", "+Inf", "-Inf"]))
    assert [sample.value for sample in found.samples] == [1, 3] and found.lack is None


REFUSED = Response(400, b'{"status": "error", "errorType": "bad_data", "error": "parse error: unexpected end"}')


@pytest.mark.parametrize(
    ("given", "lack", "is_missing"),
    [
        (vector(), Lack.NONE, True),
        (matrix(), Lack.NONE, True),
        (vector("NaN"), Lack.NO_NUMBER, True),
        (vector("+Inf"), Lack.NO_NUMBER, True),
        (matrix(["NaN", "NaN"]), Lack.NO_NUMBER, True),
        (vector("1", "2"), Lack.SEVERAL, False),
        (matrix(["1"], ["1"]), Lack.SEVERAL, False),
        (REFUSED, Lack.REFUSED, False),
        (Response(503, b'{"status": "error"}'), Lack.REFUSED, False),
        (Response(503, b"Service Unavailable"), Lack.UNREADABLE, False),
        (Response(200, b"<html>a proxy</html>"), Lack.UNREADABLE, False),
        (Response(200, b"[]"), Lack.REFUSED, False),
        (Response(302, b""), Lack.UNREADABLE, False),
        (Response(200, vector("1").body, is_whole=False), Lack.UNREADABLE, False),
        (answer({"resultType": "string", "result": [AT, "x"]}), Lack.UNREADABLE, False),
        (answer({"resultType": "vector", "result": [{"metric": {}, "value": [AT, "x"]}]}), Lack.UNREADABLE, False),
        (answer({"resultType": "vector", "result": [{"metric": {}, "histogram": [AT, {}]}]}), Lack.UNREADABLE, False),
        (answer({"resultType": "vector", "result": [{"metric": {}, "value": [1e300, "1"]}]}), Lack.UNREADABLE, False),
        (answer({}), Lack.UNREADABLE, False),
        (answer(None), Lack.UNREADABLE, False),
        (answer({"resultType": "vector", "result": []}, warnings=["a store is away"]), Lack.WARNED, False),
    ],
)
def test_why_there_is_no_number_and_whether_the_signal_is_missing(given: Response, lack: Lack, is_missing: bool):
    found = read(given)
    assert (found.lack, found.samples) == (lack, ())
    assert found.series.was_answered is is_missing and found.series.samples == ()


def test_what_prometheus_says_of_a_query_is_kept():
    assert read(REFUSED).said == "parse error: unexpected end"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["status", "data", "result", "resultType", "value", "values", "metric"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from(["vector", "matrix", "scalar", "string"]))
def test_nothing_that_is_answered_breaks_the_reader_or_passes_for_a_number(data, kind: str):
    for body in (
        data,
        {"status": "success", "data": data},
        {"status": "success", "data": {"resultType": kind, "result": data}},
    ):
        found = read(Response(200, json.dumps(body).encode()))
        assert (found.lack is None) == bool(found.samples)


async def asked(server: Server) -> dict[str, str]:
    """The form that was sent last."""
    return {name: value for name, [value] in parse_qs(server.seen[-1].split(b"\r\n\r\n")[1].decode()).items()}


def prometheus(server: Server, path: str = "", token: SecretStr | None = None) -> Prometheus:
    """One that asks this server."""
    return Prometheus(f"http://prometheus.internal:{server.port}{path}", Fetcher(Names(HERE)), token)


async def test_it_asks_for_now_and_for_a_time_that_ends_now():
    async with serving(says(200, vector("1").body)) as server:
        found = await prometheus(server, "/prefix/").now("up{job='a b'}", NOON)
        assert found.samples == samples(1)
        assert server.lines()[0] == "POST /prefix/api/v1/query HTTP/1.1"
        assert await asked(server) == {"query": "up{job='a b'}", "time": f"{AT:.3f}", "timeout": "10s"}
        every = timedelta(seconds=30)
        await prometheus(server).over("up", NOON - timedelta(seconds=100), NOON, every)
        assert server.lines(1)[0] == "POST /api/v1/query_range HTTP/1.1"
        times = {"start": f"{AT - 90:.3f}", "end": f"{AT:.3f}", "step": "30.000"}
        assert await asked(server) == {"query": "up", **times, "timeout": "10s"}
        await prometheus(server).over("up", NOON, NOON, every)
        assert (await asked(server))["start"] == f"{AT:.3f}"


async def test_no_sample_is_from_after_the_look():
    at = NOON + timedelta(microseconds=999_999)
    async with serving(says(200, vector("1").body)) as server:
        await prometheus(server).now("up", at)
        assert float((await asked(server))["time"]) <= at.timestamp()
        await prometheus(server).over("up", NOON, at, timedelta(seconds=30))
        assert float((await asked(server))["end"]) <= at.timestamp()


async def test_over_a_long_time_it_looks_less_often():
    async with serving(says(200, matrix().body)) as server:
        await prometheus(server).over("up", NOON - timedelta(days=7), NOON, timedelta(seconds=1))
        sent = await asked(server)
    assert (AT - float(sent["start"])) / float(sent["step"]) <= MOST_SAMPLES


async def test_a_token_goes_along():
    async with serving(says(200, vector("1").body)) as server:
        await prometheus(server, token=SecretStr("qzx")).now("up", NOON)
        await prometheus(server).now("up", NOON)
    assert "Authorization: Bearer qzx" in server.lines(0)
    assert not any("Authorization" in line for line in server.lines(1))


async def test_a_server_that_is_away_is_no_answer():
    async with serving(says()) as server:
        away = prometheus(server)
    found = await away.measure(["a", "b"], NOON, NOON, timedelta(seconds=30))
    assert {name: one.lack for name, one in found.items()} == {"a": Lack.UNREACHED, "b": Lack.UNREACHED}
    assert found["a"].said.startswith("prometheus.internal cannot be reached")


@pytest.mark.parametrize(
    "url",
    [
        "prometheus:9090",
        "ftp://a",
        "http://user:word@a",
        "http://a/?x=1",
        "http://a#x",
        "http://[::1]:9090",
        "",
        "http://a:x",
    ],
)
def test_an_address_of_prometheus_is_plain(url: str):
    with pytest.raises(ValueError, match="it must be an address such as"):
        place(url)
