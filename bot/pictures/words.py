"""What stands around a chart: its title, what it is of, and spans of time as people say them."""

from matplotlib.figure import Figure

from bot.pictures import look

TICKS = {60: "1 min", 600: "10 min", 3600: "1 h", 21600: "6 h", 86400: "1 day", 604800: "1 week"}
"""Marks on a scale of seconds."""


def headed(figure: Figure, title: str, below: str) -> None:
    """Title, and what it is of."""
    height = figure.get_size_inches()[1]
    figure.text(0.03, 1 - 0.32 / height, title, fontsize=look.TITLE, fontweight="bold", va="center")
    figure.text(0.03, 1 - 0.66 / height, below, fontsize=look.SMALL, color=look.GREY, va="center")
