"""How long a postmortem takes to be drafted: `python -m benchmarks.postmortem`.

An incident of 2,000 events, whose record is in memory: the whole document is written from it several times. Prints seconds by the
clock and of the processor, medians of five.
"""

import statistics
import time

from benchmarks.pictures import a_long_one
from bot.export.postmortem import as_postmortem
from bot.export.record import Record
from tests.metrics.a_year import policies
from tests.operating.records import recorded

RUNS = 5


def main() -> None:
    """Draft, and print what it took."""
    record = recorded(*a_long_one())
    kept = {hash: policy.canonical() for hash, policy in policies().items()}
    clock, processor, size = [], [], 0
    for _ in range(RUNS):
        fresh = Record(incident=record.incident, entries=record.entries, policies=kept)
        at, spent = time.monotonic(), time.process_time()
        size = len(as_postmortem(fresh).encode())
        clock.append(time.monotonic() - at)
        processor.append(time.process_time() - spent)
    print(
        f"{len(record.entries)} events, a document of {size:,} bytes: {statistics.median(clock):.2f} s by the clock, "
        f"{statistics.median(processor):.2f} s of the processor (medians of {RUNS})"
    )


if __name__ == "__main__":
    main()
