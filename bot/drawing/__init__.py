"""A playbook as a picture: `boxes` what is drawn of it, `layers` in which rows and in which order, `places` where exactly, `scene`
the shapes, `svg` and `png` the files. Pure but for the latter's font, which comes with Pillow: the same playbook always gives the
same picture.
"""

from bot.drawing.boxes import drawn
from bot.drawing.png import to_png
from bot.drawing.scene import composed
from bot.drawing.svg import to_svg

__all__ = ["composed", "drawn", "to_png", "to_svg"]
