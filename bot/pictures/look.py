"""How pictures look: large letters, since most are read on a phone, and colours that colour-blind people tell apart (Okabe, Ito);
whatever a colour says is said by a shape or a word too."""

import io

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

WIDTH_INCHES = 7.2
DOTS = 150
"""1080 pixels across: a phone shows that without enlarging."""
TEXT, SMALL, TITLE = 14, 12.5, 18
INK, GREY, PALE = "#1a1a1a", "#5f5f5f", "#e9e9e9"
ORANGE, SKY, GREEN, YELLOW, BLUE, RED, PINK = (
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#f0e442",
    "#0072b2",
    "#d55e00",
    "#cc79a7",
)
PHASES = {"DETECTION": ORANGE, "TRIAGE": SKY, "CONTAINMENT": BLUE, "RECOVERY": GREEN, "POSTMORTEM": "#999999"}
DARK = (BLUE, GREEN, RED, "#999999", INK)
"""Colours on which letters are white."""
SEVERITIES = (RED, ORANGE, SKY, "#999999")
"""From the worst to the mildest."""

mpl.rcParams |= {
    "font.family": "DejaVu Sans",
    "font.size": TEXT,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": GREY,
    "ytick.color": INK,
}


def canvas(height: float) -> Figure:
    """A white page of this height in inches."""
    figure = Figure(figsize=(WIDTH_INCHES, height), dpi=DOTS, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def png(figure: Figure) -> bytes:
    """The page as a PNG; the same page gives the same bytes."""
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def ink_on(colour: str) -> str:
    """The colour of letters on this one."""
    return "white" if colour in DARK else INK
