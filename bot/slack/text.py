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
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_ONE_NAME = re.compile(r"&lt;(@[UW][A-Z0-9]+|#C[A-Z0-9]+)&gt;")
_ID = re.compile(r"<([@#])[UWC][A-Z0-9]+>")
_PIECE = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|.", re.DOTALL)
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
    if target.startswith("!date^"):
        return label
    if sign == "!":
        return f"@{(label or target[1:]).removeprefix('@')}"
    return label or target.removeprefix("mailto:")


def mentioned(text: str) -> tuple[str | None, str]:
    """The id of the first person mentioned in what was typed after a slash command, as Slack sends it, and the rest as plain
    text; no id when nobody is."""
    found = _PERSON.search(text)
    if found is None:
        return None, entered(text)
    return found[1], entered(text[: found.start()] + " " + text[found.end() :])


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


def in_parts(escaped: str, limit: int) -> list[str]:
    """Escaped mrkdwn in parts of at most `limit` code points: cut between words where there are any, and never within a token or
    an entity, none of which may be longer than that."""
    parts, part, end_of_word = list[str](), "", 0
    for piece in _PIECE.findall(escaped):
        while len(part) + len(piece) > limit:
            end = end_of_word or len(part)
            parts.append(part[:end].rstrip())
            part, end_of_word = part[end:].lstrip(), 0
        if piece.isspace() and part.strip():
            end_of_word = len(part)
        part += piece
    return [*parts, part]


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


def ended(text: str) -> str:
    """Escaped mrkdwn that ends like a sentence, also when it ends with a quotation that does."""
    return text if text.rstrip("”").endswith((".", "!", "?", "…")) else f"{text}."


def sentence_case(text: str) -> str:
    """Plain text that begins with a capital."""
    return text[:1].upper() + text[1:]


def mention(user: str) -> str:
    """A mention of the user with this id; Slack notifies them when it is posted."""
    return f"<@{user}>"


def group_mention(group: str) -> str:
    """A mention of the user group with this id."""
    return f"<!subteam^{group}>"


def channel_link(channel: str) -> str:
    """A link to the channel with this id."""
    return f"<#{channel}>"


def permalink(workspace: str, channel: str, ts: str, thread: str | None = None) -> str:
    """The address of a message (Slack's documentation of chat.getPermalink). `workspace` is that of the workspace, ending in a
    slash; `thread` the timestamp of the thread's first message, for a reply."""
    message = f"{workspace}archives/{channel}/p{ts.replace('.', '')}"
    return f"{message}?thread_ts={thread}&cid={channel}" if thread and thread != ts else message


def link(url: str, label: str) -> str:
    """A link under an escaped label; the label alone when the address is none that one may follow blindly."""
    safe = url.startswith("https://") and not re.search(r"[\s|<>]", url)
    return f"<{url.replace('&', '&amp;')}|{label}>" if safe else label


def clock_time(at: datetime) -> str:
    """A time of day in each reader's own zone: for what is read within hours."""
    return _date(at, "{time}", utc_time(at))


def day_and_time(at: datetime) -> str:
    """Day and time in each reader's own zone. Slack may begin it with a capital: "Today at 14:05"."""
    return _date(at, "{date_short_pretty} at {time}", utc_day_and_time(at))


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
