"""How long the check of many playbooks takes: `python -m benchmarks.playbooks`.

Writes 1,000 playbooks, copies of those that come with Lockstep under other ids, and checks them all, as `lockstep lint` does: the
median, the fastest and the slowest of five runs, on one core; and the time of the processor, which other work on the machine
changes little.
"""

import statistics
import tempfile
import time
from pathlib import Path

from bot.files import read_policy
from bot.files.playbooks import FOLDER, check_playbooks, find_playbooks

HERE = Path(__file__).parent.parent / "playbooks"
NUMBER, RUNS = 1000, 5


def written(folder: Path) -> None:
    """So many playbooks. They refer to each other as those that they are copies of do."""
    (folder / FOLDER).mkdir()
    originals = find_playbooks(HERE)
    for number in range(NUMBER):
        original = originals[number % len(originals)]
        id = original.stem if number < len(originals) else f"{original.stem}-{number}"
        text = original.read_text(encoding="utf-8").replace(f"id: {original.stem}\n", f"id: {id}\n", 1)
        (folder / FOLDER / f"{id}.yml").write_text(text, encoding="utf-8")


def main() -> None:
    """Measure and print."""
    policy = read_policy(HERE)
    with tempfile.TemporaryDirectory() as place:
        written(Path(place))
        took, worked = [], []
        for _ in range(RUNS):
            started, busy = time.perf_counter(), time.process_time()
            checked = check_playbooks(find_playbooks(Path(place)), policy)
            took.append(time.perf_counter() - started)
            worked.append(time.process_time() - busy)
        bad = sum(one.playbook is None for one in checked)
    steps = sum(len(one.playbook.steps) for one in checked if one.playbook)
    print(f"{len(checked)} playbooks, {steps} steps, {bad} that cannot be used")
    print(f"{statistics.median(took):.2f} s (fastest {min(took):.2f}, slowest {max(took):.2f})")
    print(f"{statistics.median(worked):.2f} s of a processor (least {min(worked):.2f}, most {max(worked):.2f})")


if __name__ == "__main__":
    main()
