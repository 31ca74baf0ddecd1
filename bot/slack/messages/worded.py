"""Updates in the sentences that their audience's style and language have: what was chosen when the update was issued, with what
people typed and the times filled in. Blocks give times in each reader's zone, fallback texts and prose in UTC."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.core.router.updates import Wording
from bot.core.templates import TIMES, Lines, Words, fill
from bot.slack.blocks import paragraphs
from bot.slack.messages.message import Message
from bot.slack.text import SECTION_LIMIT, escape, escape_within, one_line, shorten

_LIMITS = {"impact": 1000, "size": 200, "workaround": 400, "text": 2400, "parts": 400, "severity": 300, "into": 30}
"""Code points of what is filled in, escaped."""
_LINE_LIMIT = 1400
"""Code points of a line in a notification, escaped."""
_SOON = timedelta(hours=12)

_STOPS = (".", "!", "?", "…", "。", "！", "？")

Moment = Callable[[datetime, bool, Words], str]
"""Says a time; with the day, if asked."""


def worded(event: Wording, words: Words, *, name: str = "") -> Message:
    """The update in these words, a thought a line: the word for how far it is, what it says, and when the next one comes. `name`
    stands before it all: escaped."""
    start = f"{name}: " if name else ""
    state = fill(words.state, _values(event, words, _utc))
    lines = [
        f"*{start}{escape(state)}*",
        *_filled(words.lines, event, words),
        *_filled(words.closing, event, words),
    ]
    text = [escape_within(line, _LINE_LIMIT) for line in in_lines(event, words)]
    text[0] = start + text[0]
    return Message(text=_within(text), blocks=paragraphs(line for line in lines if line))


def in_lines(event: Wording, words: Words) -> list[str]:
    """All of the update as plain text, a thought a line, with times in UTC."""
    state = _ended(fill(words.state, _values(event, words, _utc)))
    return [state, *_plain(words.lines, event, words), *_plain(words.closing, event, words)]


def prose(event: Wording, words: Words) -> str:
    """What the update says without the word for how far it is and the time of the next: plain text, a thought a line."""
    return "\n".join(_plain(words.lines, event, words))


def _plain(lines: Lines, event: Wording, words: Words) -> list[str]:
    """The lines as plain text, with times in UTC."""
    values = _values(event, words, _utc)
    return [fill(line, values) for line in lines]


def _filled(lines: Lines, event: Wording, words: Words) -> list[str]:
    """The lines as mrkdwn: what is typed is escaped and shortened, a time is a token that Slack shows in each reader's zone."""
    values = _values(event, words, _token)
    escaped = {name: escape_within(value, _LIMITS[name]) for name, value in values.items() if name in _LIMITS}
    times = {name: f"*{value}*" if name == "next" else value for name, value in values.items() if name in TIMES}
    return [fill(escape(line), escaped | times) for line in lines]


def _values(event: Wording, words: Words, say: Moment) -> Mapping[str, str]:
    """What stands for each variable of which something is known: plain text, and times as `say` has them."""
    text = f"{one_line(event.wrong)} → {event.text}" if event.wrong and event.text else event.text
    typed = {"impact": event.impact, "size": event.size, "workaround": event.workaround, "text": text}
    values = {name: _typed(name, text) for name, text in typed.items() if text}
    values |= {"severity": event.severity or "", "parts": one_line(", ".join(event.parts))}
    values |= {"into": f"INC-{event.into}", "reported": say(event.since, _is_far(event, event.since), words)}
    for name, at in (("next", event.promised), ("last", event.last), ("started", event.started)):
        if at:
            values[name] = say(at, _is_far(event, at), words)
    if event.started and event.is_start_estimated:
        values["started"] = fill(words.about, {"time": values["started"]})
    return values


def _typed(name: str, text: str) -> str:
    """What a person typed, as a sentence of one line; a text that was written for the audience keeps its lines."""
    return text if name == "text" else _ended(shorten(one_line(text), _LIMITS[name]))


def _is_far(event: Wording, at: datetime) -> bool:
    """Whether the time of day alone would leave open which day is meant."""
    return abs(event.at - at) >= _SOON


def _utc(at: datetime, with_day: bool, words: Words) -> str:
    time = f"{at:%H:%M} UTC"
    return fill(words.day, {"date": f"{at:%Y-%m-%d}", "time": time}) if with_day else time


def _token(at: datetime, with_day: bool, words: Words) -> str:
    """A token that Slack shows in each reader's zone (Slack's documentation, "Formatting text for app surfaces")."""
    form = fill(words.day, {"date": "{date_short_pretty}", "time": "{time}"}) if with_day else "{time}"
    return f"<!date^{int(at.timestamp())}^{form}|{_utc(at, with_day, words)}>"


def _ended(text: str) -> str:
    """The text with a full stop, unless it ends like a sentence; in the scripts of East Asia with theirs."""
    stop = "。" if text[-1:] >= "\u3040" else "."
    return text if text.endswith(_STOPS) else text + stop


def _within(lines: list[str]) -> str:
    """The lines in one, as many as a notification takes."""
    text = lines[0]
    for line in lines[1:]:
        if len(text) + 1 + len(line) > SECTION_LIMIT:
            break
        text += f" {line}"
    return text
