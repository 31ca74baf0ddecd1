"""What one declaration costs: `python -m benchmarks.declare`.

Declares a SEV1 through the sandbox with 0, 100 and 300 ms added to every Slack call, and prints when each thing was there, in
seconds after the command, and in sequential round trips (the slope of the time over the latency). Median of three runs.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from bot.sandbox import Sandbox
from tests.running import QUICK, running, settled, workspace

LATENCIES = (0.0, 0.1, 0.3)
RUNS = 3
MILESTONES = {
    "acknowledged": "",
    "the channel exists": "conversations.create",
    "the declarer is in it": "conversations.invite",
    "its card is there": "chat.postMessage",
    "it is announced": "#incidents",
    "the last call": "*",
}


async def one_run(latency: float) -> dict[str, float]:
    """The seconds from the command to each milestone, and the number of calls."""
    with tempfile.TemporaryDirectory() as folder:
        async with workspace() as sandbox, running(sandbox, f"sqlite:///{Path(folder) / 'b.db'}", QUICK) as app:
            sandbox.faults.delay(latency)
            sandbox.calls.clear()
            started = time.monotonic()
            await sandbox.person("alice").types("/incident declare sev1 Checkout is failing", in_="#general")
            acknowledged = time.monotonic() - started
            await settled(app, sandbox, within=60)
            return {"acknowledged": acknowledged, **milestones(sandbox, started), "calls": len(sandbox.calls)}


def milestones(sandbox: Sandbox, started: float) -> dict[str, float]:
    """When the first call of each kind had been answered."""
    room = next(c.id for c in sandbox.workspace.channels.values() if c.name.startswith("inc-1"))
    announced = sandbox.channel("#incidents").id
    ends = {
        "the channel exists": sandbox.calls.of("conversations.create"),
        "the declarer is in it": sandbox.calls.of("conversations.invite"),
        "its card is there": [c for c in sandbox.calls.of("chat.postMessage") if c.channel == room],
        "it is announced": [c for c in sandbox.calls.of("chat.postMessage") if c.channel == announced],
    }
    first = {name: min(c.finished or 0.0 for c in calls) - started for name, calls in ends.items()}
    return first | {"the last call": max(c.finished or 0.0 for c in sandbox.calls) - started}


async def main() -> None:
    """Run and print a table."""
    medians: dict[float, dict[str, float]] = {}
    for latency in LATENCIES:
        runs = [await one_run(latency) for _ in range(RUNS)]
        medians[latency] = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    print(f"| milestone | {' | '.join(f'{latency * 1000:.0f} ms' for latency in LATENCIES)} | round trips |")
    print("|---|" + "---|" * (len(LATENCIES) + 1))
    for name in MILESTONES:
        times = [medians[latency][name] for latency in LATENCIES]
        slope = (times[-1] - times[0]) / (LATENCIES[-1] - LATENCIES[0])
        print(f"| {name} | {' | '.join(f'{seconds:.2f} s' for seconds in times)} | {slope:.1f} |")
    print(f"\n{medians[0.0]['calls']:.0f} Slack calls in all.")


if __name__ == "__main__":
    asyncio.run(main())
