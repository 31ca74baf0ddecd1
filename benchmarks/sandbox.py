"""How fast the sandbox answers: `python -m benchmarks.sandbox`.

A workspace of 500 channels, 10,000 messages in one of them (1,000 in one thread), an app on a socket that acknowledges every
event. One caller makes 4,000 calls in a random order, one after the other, and reads each answer to its last byte. Prints for
each method milliseconds from call to answer, and those of them in which this process (server, caller and app together) used the
processor: the second figure does not depend on what else the machine does.
"""

import asyncio
import json
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

import aiohttp

from bot.sandbox import Sandbox
from bot.sandbox.workspace import channels, posting
from bot.sandbox.workspace.posting import Author, Content
from bot.sandbox.workspace.state import Channel

CHANNELS = 500
MESSAGES = 10_000
REPLIES = 1_000
CALLS = 4_000
GOAL = 5.0
"""Milliseconds within which 95 % of all calls are to be answered."""

Arguments = Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class Mix:
    """A call of the mix: its share in it, and its arguments, made anew for each."""

    share: int
    method: str
    arguments: Arguments
    note: str = ""


@dataclass(frozen=True)
class Took:
    """Milliseconds of one call: of the clock on the wall, and of the processor."""

    wall: float
    process: float


def blocks(text: str) -> list[dict[str, Any]]:
    """A message as Lockstep posts them: a section and two buttons."""
    buttons = [
        {"type": "button", "action_id": f"press-{name}", "text": {"type": "plain_text", "text": name}, "value": name}
        for name in ("Advance", "Assign")
    ]
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {"type": "actions", "elements": buttons},
    ]


def form() -> dict[str, Any]:
    """A form with three inputs."""
    inputs = [
        {
            "type": "input",
            "block_id": f"field-{number}",
            "label": {"type": "plain_text", "text": f"Field {number}"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
        for number in range(3)
    ]
    title = {"type": "plain_text", "text": "Form"}
    return {"type": "modal", "title": title, "submit": title, "blocks": inputs}


def filled(sandbox: Sandbox) -> tuple[Channel, list[str], str]:
    """Fill the workspace; returns the large channel, the timestamps of the app's messages in it, and the root of its thread."""
    workspace = sandbox.workspace
    bot, alice = workspace.app.bot_user, sandbox.person("alice").id
    for number in range(CHANNELS - len(workspace.channels)):
        channels.create(workspace, f"room-{number}", bot if number % 2 else alice)
    large = sandbox.channel("#room-1")
    mine = Author(user=bot, by_app=True)
    root = posting.post(workspace, large, mine, Content(text="The thread"))
    for number in range(REPLIES):
        posting.post(workspace, large, Author(user=alice), Content(text=f"Reply {number}"), thread_ts=root.ts)
    posted: list[str] = []
    for number in range(MESSAGES - REPLIES - len(large.log)):
        own = number % 2 == 0
        said = Content(text=f"Message {number}", blocks=blocks(f"Message {number}") if own else None)
        message = posting.post(workspace, large, mine if own else Author(user=alice), said)
        posted += [message.ts] if own else []
    return large, posted, root.ts


def mix(sandbox: Sandbox, large: Channel, posted: list[str], root: str) -> list[Mix]:
    """What is called, and how often of a hundred times."""
    alice = sandbox.person("alice").id
    rooms = list(sandbox.workspace.channels)

    def somewhere() -> str:
        return random.choice(posted)

    def post() -> dict[str, Any]:
        return {"channel": large.id, "text": "One more", "blocks": blocks("One more")}

    def update() -> dict[str, Any]:
        return {"channel": large.id, "ts": somewhere(), "text": "Edited", "blocks": blocks("Edited")}

    def view() -> dict[str, Any]:
        return {"trigger_id": sandbox.platform.triggers.issue(alice), "view": form()}

    return [
        Mix(20, "chat.postMessage", post),
        Mix(20, "chat.update", update),
        Mix(8, "conversations.history", lambda: {"channel": large.id, "limit": 100}, "newest 100"),
        Mix(7, "conversations.history", lambda: {"channel": large.id, "latest": somewhere()}, "100 from the middle"),
        Mix(10, "conversations.replies", lambda: {"channel": large.id, "ts": root, "limit": 100}, "100 of 1,000"),
        Mix(4, "conversations.list", lambda: {"limit": 200}, "200 of 500"),
        Mix(1, "conversations.list", lambda: {"limit": 999}, "all 500"),
        Mix(10, "conversations.info", lambda: {"channel": random.choice(rooms)}),
        Mix(10, "users.info", lambda: {"user": alice}),
        Mix(10, "views.open", view),
    ]


async def took(http: aiohttp.ClientSession, sandbox: Sandbox, call: Mix) -> Took:
    """Make one call, as the Python SDK does: arguments of writes in JSON, of reads in the query."""
    arguments, headers = call.arguments(), {"Authorization": f"Bearer {sandbox.bot_token}"}
    writes = call.method.startswith(("chat.", "views."))
    wall, process = time.perf_counter(), time.process_time()
    async with http.request(
        "POST" if writes else "GET",
        sandbox.api_url + call.method,
        headers=headers,
        json=arguments if writes else None,
        params=None if writes else arguments,
    ) as response:
        answer = await response.read()
    result = Took(1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - process))
    assert json.loads(answer)["ok"], answer
    return result


@asynccontextmanager
async def an_app(sandbox: Sandbox, http: aiohttp.ClientSession) -> AsyncIterator[None]:
    """An app that does nothing but acknowledge."""
    async with http.ws_connect(sandbox.platform.socket_url()) as socket:

        async def acknowledge() -> None:
            async for frame in socket:
                if name := json.loads(frame.data).get("envelope_id"):
                    await socket.send_json({"envelope_id": name})

        task = asyncio.create_task(acknowledge())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def row(name: str, times: list[Took]) -> str:
    """A line of the table: how many calls, and the 50th, 95th and 99th percentile of both figures."""
    figures = []
    for ordered in ([one.wall for one in times], [one.process for one in times]):
        percentiles = quantiles(ordered, n=100)
        figures += [f"{percentiles[at]:.1f}" for at in (49, 94, 98)]
    return f"| {name} | {len(times)} | {' | '.join(figures)} |"


async def main() -> None:
    """Run and print a table."""
    async with Sandbox() as sandbox, aiohttp.ClientSession() as http:
        calls = mix(sandbox, *filled(sandbox))
        times: dict[str, list[Took]] = defaultdict(list)
        async with an_app(sandbox, http):
            for call in random.Random(1).choices(calls, [one.share for one in calls], k=CALLS):
                times[f"{call.method}{f', {call.note}' if call.note else ''}"].append(await took(http, sandbox, call))
            await sandbox.idle(within=60)
    print("| method | calls | p50 | p95 | p99 | p50, processor | p95, processor | p99, processor |")
    print("|---|---|---|---|---|---|---|---|")
    for name in sorted(times):
        print(row(name, times[name]))
    together = [one for each in times.values() for one in each]
    print(row("**all**", together))
    for kind, within in (
        ("", [one.wall for one in together]),
        (" of the processor", [one.process for one in together]),
    ):
        share = sum(ms <= GOAL for ms in within) / len(within)
        print(f"\n{100 * share:.2f} % within {GOAL:g} ms{kind}.")


if __name__ == "__main__":
    asyncio.run(main())
