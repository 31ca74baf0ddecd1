"""What whoever redacts is shown: the entries to choose from, what was done, and what cannot be reached."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo

from bot.core.decision import Event
from bot.core.incident import Incident
from bot.core.notes import MessagePinned
from bot.core.redaction import TextRedacted, Written, own_words
from bot.core.tracker.evidence import ReplyKept
from bot.core.tracker.rewriting import ReplyEdited
from bot.slack import words
from bot.slack.messages.message import Message, say_lines
from bot.slack.text import link, one_line, unnamed

NOTHING = "Nothing in the record says that, or not any more. Small and capital letters count."
"""When nothing was found: plain text."""
REPEATED = "This says what is to be redacted, and everybody reads it. Please write it in other words."
"""When the reason says it again: plain text."""

_SHOWN_LINKS = 20


def author(event: Event) -> str:
    """Whose words an entry has."""
    return event.author if isinstance(event, ReplyKept | MessagePinned) else event.actor


def label(one: Written, names: Mapping[str, str], zone: tzinfo) -> str:
    """How an entry is called where one chooses among them: day and time in the reader's zone, who, and the first words. Plain text;
    `names` are those of people by their ids."""
    at = one.event.at.astimezone(zone)
    said = unnamed(one_line(" · ".join(own_words(one))))
    return f"{at.day} {at:%b %H:%M} {names.get(author(one.event), 'somebody')}: {said}"


def redacted(incident: Incident, event: TextRedacted, gone: Iterable[Event]) -> Message:
    """How much is gone from the record, and what is beyond our reach. `gone` are the events that were redacted."""
    entries = words.count(len(event.entries), "entry", "entries")
    done = f"*Redacted: what was typed in {entries} of {incident.name}.* My own messages are being changed now."
    fields = {name for names in event.entries.values() for name in names}
    beyond = [
        _messages([one.permalink for one in gone if isinstance(one, ReplyKept | ReplyEdited | MessagePinned)]),
        *(["Slack's own notices in the room of its topic and its name"] if "title" in fields else []),
        *(["the room, which is archived: nothing in it can be changed"] if incident.is_room_retired else []),
        *(["rooms that this incident had before"] if incident.rooms_lost else []),
        "answers that only one person saw, notifications and mails that went out, and what Slack itself keeps of edits",
        "exports, bundles, backups and copies of the database that were made before",
    ]
    return say_lines([done, "*What I cannot reach:*", *(f"• {what}" for what in beyond)])


def _messages(permalinks: Sequence[str | None]) -> str:
    """People's own messages, by links to those that are known."""
    known = [address for address in dict.fromkeys(permalinks) if address]
    links = ", ".join(
        link(address, f"message {number}") for number, address in enumerate(known[:_SHOWN_LINKS], start=1)
    )
    where = f": {links}, and wherever else it stands" if links else ", wherever it stands there"
    return (
        f"what people wrote in Slack themselves{where}. Whoever wrote a message can delete it, as can an administrator"
    )
