"""What the language rules find and what they cost: `python -m benchmarks.language`, printed as Markdown for benchmarks/language.md.

Precision and recall of each rule that can keep an update from being sent, and of each rule about blame in postmortems, on sentences
in tests/language: those that were at hand while the rules were written, and those that were not. Then how long a check of a text of
2,000 characters takes.
"""

import statistics
import time
from collections.abc import Mapping
from pathlib import Path

from bot.files.glossary import read_glossary
from bot.language import Glossary, Style, check
from bot.language.blameless import Part, review
from tests.language.blaming import CORPUS as BLAMING
from tests.language.blaming import HELD_OUT as BLAMING_HELD_OUT
from tests.language.blaming import Blaming, read_blaming
from tests.language.sentences import CORPUS, HELD_OUT, Sentences, read, score

RUNS = 200
NAMES = tuple(
    f"{first} {last}" for first in ("Alice", "Bob", "Chen", "Priya", "Sean") for last in ("Meyer", "Raman", "O'Brien")
)


def row(rule: str, of: Sentences | Blaming) -> str:
    """How one rule does on one set."""
    precision, recall = score(of)
    counts = f"{len(of.found)} + {len(of.harmless)}"
    return f"| {rule} | {counts} | {precision:.3f} | {recall:.3f} | {len(of.false_alarms)} | {len(of.missed)} |"


def table(title: str, sets: Mapping[str, Sentences] | Mapping[str, Blaming]) -> list[str]:
    """How all rules do on one set, one by one and together."""
    found, harmless = (sum(len(getattr(of, kind)) for of in sets.values()) for kind in ("found", "harmless"))
    missed, alarms = (sum(len(getattr(of, kind)) for of in sets.values()) for kind in ("missed", "false_alarms"))
    right = found - missed
    total = (
        f"| all | {found} + {harmless} | {right / (right + alarms):.3f} | {right / found:.3f} | {alarms} | {missed} |"
    )
    head = [
        "| rule | n (to find + look-alikes) | precision | recall | false alarms | missed |",
        "|---|---|---|---|---|---|",
    ]
    return [f"## {title}", "", *head, *(row(rule, of) for rule, of in sets.items()), total, ""]


def a_text(characters: int) -> str:
    """A text of this length out of sentences to find and harmless ones in turn."""
    pairs = [pair for of in read(CORPUS).values() for pair in zip(of.found, of.harmless, strict=False)]
    return " ".join(sentence for pair in pairs for sentence in pair)[:characters]


def milliseconds(text: str, glossary: Glossary) -> list[float]:
    """How much of a processor's time each of many checks took; no two of quite the same text, as when somebody types."""
    took = []
    for run in range(RUNS):
        started = time.process_time()
        check(f"{text} {run}", Style.EXTERNAL, names=NAMES, glossary=glossary)
        took.append((time.process_time() - started) * 1000)
    return took


def reviewed(text: str, run: int) -> float:
    """How many milliseconds of a processor's time the rules about blame take."""
    started = time.process_time()
    review(f"{text} {run}", Part.TIMELINE, NAMES)
    return (time.process_time() - started) * 1000


def main() -> None:
    """Print all tables and the times."""
    text, glossary = a_text(2000), read_glossary(Path("playbooks"))
    first, *others = milliseconds(text, glossary)
    print(
        "\n".join(
            [
                *table("Sentences at hand while the rules were written", read(CORPUS)),
                *table("Sentences held out", read(HELD_OUT)),
                *table("Blameless: sentences at hand while the rules were written", read_blaming(BLAMING)),
                *table("Blameless: sentences held out", read_blaming(BLAMING_HELD_OUT)),
            ]
        )
    )
    print(
        f"## Time\n\nA text of {len(text)} characters, the glossary in playbooks/, {len(NAMES)} names, {RUNS} runs: ",
        end="",
    )
    print(
        f"{first:.0f} ms the first time, then {statistics.median(others):.1f} ms (median), {max(others):.1f} ms at most."
    )
    took = [reviewed(text, run) for run in range(RUNS)]
    print(
        f"\nThe rules about blame, the same text: {statistics.median(took):.1f} ms (median), {max(took):.1f} ms at most."
    )


if __name__ == "__main__":
    main()
