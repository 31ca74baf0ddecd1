"""Tables and spans of time in the pages that Lockstep prints. Pure."""

from collections.abc import Sequence
from datetime import timedelta


def span(time: timedelta) -> str:
    """A span of whole minutes in the largest unit of which there are at least two and nothing is left over."""
    minutes = time // timedelta(minutes=1)
    sizes = (("days", 24 * 60), ("h", 60))
    return next(
        (f"{minutes // size} {unit}" for unit, size in sizes if minutes >= 2 * size and minutes % size == 0),
        f"{minutes} min",
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose columns line up in the raw text too."""
    cells = [[_cell(text) for text in row] for row in (heads, *rows)]
    widths = [max(3, *map(len, column)) for column in zip(*cells, strict=True)]
    lines = [f"| {' | '.join(map(str.ljust, row, widths))} |" for row in cells]
    return "\n".join([lines[0], f"|{'|'.join('-' * (width + 2) for width in widths)}|", *lines[1:]])


def _cell(text: str) -> str:
    """Text on one line, with what Markdown would obey made harmless."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
