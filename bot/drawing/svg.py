"""A drawing as SVG: plain shapes and text, for pages and editors. It names no font that must be there."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from bot.drawing.scene import PAPER, Frame, Line, Scene, Text

_FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"


def to_svg(scene: Scene) -> str:
    """The whole file; it ends with a line break."""
    width, height = (_number(side) for side in scene.size)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" font-family="{_FONT}">'
    )
    parts = [head, f"<title>{escape(scene.title)}</title>", f'<rect width="100%" height="100%" fill="{PAPER}"/>']
    for line in scene.lines:
        parts += _line(line)
    parts += [shape for frame in scene.frames for shape in _frame(frame)]
    parts += [_text(text) for text in scene.texts]
    return "\n".join([*parts, "</svg>"]) + "\n"


def head_of(line: Line) -> list[tuple[float, float]]:
    """The three corners of an arrow's head, which points the way the line arrives: up or down."""
    x, y = line.points[-1]
    back = -9 if line.points[-2][1] <= y else 9
    return [(x, y), (x - 4.5, y + back), (x + 4.5, y + back)]


def _line(line: Line) -> Iterator[str]:
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in line.points)
    dots = ' stroke-dasharray="5 4"' if line.is_dotted else ""
    yield f'<polyline points="{points}" fill="none" stroke="{line.colour}" stroke-width="1.6"{dots}/>'
    corners = " ".join(f"{_number(x)},{_number(y)}" for x, y in head_of(line))
    yield f'<polygon points="{corners}" fill="{line.colour}"/>'


def _frame(frame: Frame) -> Iterator[str]:
    (x, y), (width, height) = frame.at, frame.size
    place = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'
    thick = 3 if frame.is_double else 1.2
    yield f'<rect {place} rx="6" fill="{frame.ground}" stroke="{frame.edge}" stroke-width="{thick}"/>'
    if frame.has_band:
        band = f'x="{_number(x)}" y="{_number(y)}" width="6" height="{_number(height)}"'
        yield f'<rect {band} rx="3" fill="{frame.edge}"/>'


def _text(text: Text) -> str:
    x, y = text.at
    anchor = ' text-anchor="middle"' if text.is_centred else ""
    weight = ' font-weight="bold"' if text.is_bold else ""
    place = f'x="{_number(x)}" y="{_number(y)}" font-size="{_number(text.size)}"'
    return f'<text {place} fill="{text.colour}"{anchor}{weight}>{escape(text.words)}</text>'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
