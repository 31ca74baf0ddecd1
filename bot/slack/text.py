"""How text enters from Slack and leaves to it. Knows Slack's markup, and nothing of incidents.

What people type is kept as plain text: `entered` undoes Slack's escaping where a command comes in (what forms bring is plain
already), `escape` does it again where the text goes out. Between the two no text is escaped, so nothing is escaped twice.
"""

import re
from datetime import datetime, timedelta
from typing import Any

SECTION_LIMIT = 3000
"""Code points in one text object (Slack's Block Kit reference, "Text object")."""

TextObject = dict[str, Any]

_TOKEN = re.compile(r"<([^<>]*)>")
_ONE_NAME = re.compile(r"&lt;(@[UW][A-Z0-9]+|#C[A-Z0-9]+)&gt;")
_ID = re.compile(r"<([@#])[UWC][A-Z0-9]+>")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def entered(text: str) -> str:
    """What a person typed after a slash command, as plain text.

    With `should_escape` Slack sends the three special characters escaped, and people and channels as tokens. A token with a
    label becomes what was typed (`@bob`); one without stays (`<@U1>`), since only Slack knows the name. Slack's documentation,
    "Slash commands", "Escaping users, channels, and links".
    """
    text = _TOKEN.sub(lambda token: _as_typed(token[1]), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _as_typed(token: str) -> str:
    target, _, label = token.partition("|")
    sign = target[:1]
    if sign in ("@", "#"):
        return f"{sign}{label}" if label else f"<{target}>"
    if sign == "!":
        return f"@{(label or target[1:]).removeprefix('@')}"
    return label or target.removeprefix("mailto:")


def escape(text: str) -> str:
    """Plain text as mrkdwn that shows it and does nothing else: no mention of a channel or group, no link, no date.

    Only the mention of one person or channel by id stays one, or people would read `<@U1>`; whoever typed it could have
    mentioned them as well. Slack's documentation, "Formatting text for app surfaces", "Escaping text".
    """
    escaped = "".join(_ENTITIES.get(character, character) for character in text)
    return _ONE_NAME.sub(r"<\1>", escaped)


def escape_within(text: str, limit: int) -> str:
    """Plain text escaped, and shortened so that the result has at most `limit` code points; no entity is cut."""
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    room, kept = limit - 1, 0
    for character in text:
        room -= len(_ENTITIES.get(character, character))
        if room < 0:
            break
        kept += 1
    return escape(text[:kept].rstrip()) + "…"


def shorten(text: str, limit: int) -> str:
    """Plain text of at most `limit` code points, ending in … when something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def one_line(text: str) -> str:
    """Plain text without line breaks and runs of spaces."""
    return " ".join(text.split())


def inert(text: str) -> str:
    """Plain text for places of which Slack does not say whether they read markup, such as a topic: nothing can be any."""
    return one_line(unnamed(text)).replace("<", "‹").replace(">", "›")


def unnamed(text: str) -> str:
    """Plain text for places without markup: mentions by id, which nobody can read there, without the id."""
    return _ID.sub(lambda mention: "@someone" if mention[1] == "@" else "#channel", text)


def quoted(text: str, limit: int = 500) -> str:
    """What somebody typed, escaped, on one line and in quotation marks; at most `limit` code points and the marks."""
    return f"“{escape_within(one_line(text), limit)}”"


def sentence(text: str) -> str:
    """Plain text that ends like a sentence."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…", "。")) else f"{text}."


def mention(user: str) -> str:
    """A mention of the user with this id; Slack notifies them when it is posted."""
    return f"<@{user}>"


def group_mention(group: str) -> str:
    """A mention of the user group with this id."""
    return f"<!subteam^{group}>"


def channel_link(channel: str) -> str:
    """A link to the channel with this id."""
    return f"<#{channel}>"


def clock_time(at: datetime) -> str:
    """A time of day in each reader's own zone: for what is read within hours."""
    return _date(at, "{time}", utc_time(at))


def day_and_time(at: datetime) -> str:
    """Day and time in each reader's own zone. Slack may begin it with a capital: "Today at 14:05"."""
    return _date(at, "{date_short_pretty} at {time}", utc_day_and_time(at))


def exact_time(at: datetime) -> str:
    """Date and time to the second in each reader's own zone: for the timeline."""
    return _date(at, "{date_num} {time_secs}", f"{at:%Y-%m-%d %H:%M:%S} UTC")


def time_from(moment: datetime, at: datetime) -> str:
    """`at` as somebody needs it who reads at `moment`: the time of day, with the day when it is half a day off or more."""
    return clock_time(at) if abs(at - moment) < timedelta(hours=12) else day_and_time(at)


def utc_time_from(moment: datetime, at: datetime) -> str:
    """The same in UTC, for fallback texts, which Slack does not translate into the reader's zone."""
    return utc_time(at) if abs(at - moment) < timedelta(hours=12) else utc_day_and_time(at)


def utc_time(at: datetime) -> str:
    """14:05 UTC."""
    return f"{at:%H:%M} UTC"


def utc_day_and_time(at: datetime) -> str:
    """23 November at 14:05 UTC."""
    return f"{at.day} {at:%B} at {at:%H:%M} UTC"


def _date(at: datetime, form: str, fallback: str) -> str:
    return f"<!date^{int(at.timestamp())}^{form}|{fallback}>"


def plain_text(text: str, limit: int) -> TextObject:
    """A text object in which nothing is markup."""
    return {"type": "plain_text", "text": shorten(text, limit), "emoji": True}


def mrkdwn(text: str) -> TextObject:
    """A text object of text that is escaped already. Verbatim: Slack looks for no `@here` or channel name in it."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}
