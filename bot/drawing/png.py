"""A drawing as PNG, for Slack, which shows no SVG. Twice as fine as the drawing is large, with the font that comes with Pillow."""

import itertools
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.drawing.scene import PAPER, Frame, Line, Point, Scene, Text
from bot.drawing.svg import head_of

_SCALE = 2
_LARGEST = 8000
"""No side has more pixels than this; a larger drawing is less fine."""


def to_png(scene: Scene) -> bytes:
    """The whole file."""
    scale = min(_SCALE, _LARGEST / max(scene.size))
    width, height = (round(side * scale) for side in scene.size)
    image = Image.new("RGB", (width, height), PAPER)
    pen = _Pen(ImageDraw.Draw(image), scale)
    for line in scene.lines:
        pen.line(line)
    for frame in scene.frames:
        pen.frame(frame)
    for text in scene.texts:
        pen.text(text)
    file = BytesIO()
    image.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(file, "PNG", optimize=True)
    return file.getvalue()


class _Pen:
    """Draws the shapes of a scene, larger by the scale."""

    def __init__(self, draw: ImageDraw.ImageDraw, scale: float) -> None:
        self._draw, self._scale = draw, scale

    def _at(self, point: Point) -> Point:
        return point[0] * self._scale, point[1] * self._scale

    def line(self, line: Line) -> None:
        """An arrow. Dots are every other piece of it, so that they follow its curve."""
        points = [self._at(point) for point in line.points]
        width = round(1.6 * self._scale)
        if line.is_dotted:
            for start, end in _dashes(points, 5 * self._scale, 4 * self._scale):
                self._draw.line([start, end], fill=line.colour, width=width)
        else:
            self._draw.line(points, fill=line.colour, width=width, joint="curve")
        self._draw.polygon([self._at(corner) for corner in head_of(line)], fill=line.colour)

    def frame(self, frame: Frame) -> None:
        """A box with its band."""
        (x, y), (width, height) = self._at(frame.at), self._at(frame.size)
        thick = round((3 if frame.is_double else 1.2) * self._scale)
        corners = (x, y, x + width, y + height)
        self._draw.rounded_rectangle(corners, 6 * self._scale, fill=frame.ground, outline=frame.edge, width=thick)
        if frame.has_band:
            band = (x, y, x + 6 * self._scale, y + height)
            self._draw.rounded_rectangle(band, 3 * self._scale, fill=frame.edge)

    def text(self, text: Text) -> None:
        """A line of text; the font has no bold, so bold is drawn with a thin edge."""
        font = ImageFont.load_default(text.size * self._scale)
        stroke = 0.35 * self._scale if text.is_bold else 0
        anchor = "ms" if text.is_centred else "ls"
        self._draw.text(self._at(text.at), text.words, fill=text.colour, font=font, anchor=anchor, stroke_width=stroke)


def _dashes(points: list[Point], on: float, off: float) -> list[tuple[Point, Point]]:
    """Pieces of a line, so long each, with so much between."""
    found: list[tuple[Point, Point]] = []
    done = 0.0
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        at = 0.0
        while at < length:
            phase = (done + at) % (on + off)
            step = min(on - phase if phase < on else on + off - phase, length - at)
            if phase < on:
                a, b = at / length, (at + step) / length
                found.append(((x0 + (x1 - x0) * a, y0 + (y1 - y0) * a), (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)))
            at += max(step, 0.01)
        done += length
    return found
