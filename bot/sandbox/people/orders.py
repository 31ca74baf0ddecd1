"""A person's deeds, ordered as JSON by tests in any language: reads the order, has the person act, and says what came of
it. The words are those of the test driver (person.py), which does the work.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.delivery.acknowledgement import NotAcknowledged
from bot.sandbox.jsontypes import Json
from bot.sandbox.people.interactions import Answer, Refused
from bot.sandbox.people.open_form import Form
from bot.sandbox.people.person import Person, Seen

PATIENCE = 5.0
"""For how many real seconds a person waits for a form or a message, unless the order says otherwise."""


class CannotDo(Exception):
    """What a person was told to do does not work; the sentence says why."""


async def carry_out(person: Person, order: Json) -> Json:
    """Have a person do what the order says (`does` and its fields), and return what that showed. CannotDo when it did not
    work.
    """
    deed = DEEDS.get(str(order.get("does")))
    if deed is None:
        raise CannotDo(f"Nobody can do {order.get('does')!r}. There is: {', '.join(DEEDS)}.")
    try:
        return await deed(person, order)
    except KeyError as missing:
        raise CannotDo(f"{order['does']!r} needs the field {missing}.") from None
    except NotAcknowledged as failure:
        raise CannotDo(failure.reason) from None
    except (AssertionError, Refused, TypeError) as refusal:
        raise CannotDo(str(refusal)) from None


async def _types(person: Person, order: Json) -> Json:
    """Type a message, or a slash command: `text`, `in`, perhaps `thread` (the ts of a message in it)."""
    thread = None if order.get("thread") is None else _message(person, order["in"], order["thread"])
    return {"answer": _answer(await person.types(order["text"], in_=order["in"], thread=thread))}


async def _presses(person: Person, order: Json) -> Json:
    """Press a `button` by what it says: in the open form, on the Home tab, `in` a channel, or `on` the message of this ts."""
    on = None if order.get("on") is None else _message(person, order["in"], order["on"])
    await person.presses(order["button"], in_=order.get("in") if on is None else None, on=on)
    return {}


async def _chooses(person: Person, order: Json) -> Json:
    """Choose an `option` in a `menu`, perhaps `in` a channel."""
    await person.chooses(order["menu"], order["option"], in_=order.get("in"))
    return {}


async def _gets_form(person: Person, order: Json) -> Json:
    """Wait until a form is open, perhaps with this `title`."""
    return {"form": _form(await person.gets_form(order.get("title"), within=order.get("within", PATIENCE)))}


async def _fills(person: Person, order: Json) -> Json:
    """Fill fields of the open form: `values` by label."""
    await person.fills(dict(order["values"]))
    return {}


async def _submits(person: Person, order: Json) -> Json:
    """Send the open form; its errors by label come back."""
    return {"errors": await person.submits()}


async def _closes(person: Person, order: Json) -> Json:
    """Dismiss the open form, or the `whole_stack`."""
    await person.closes(whole_stack=bool(order.get("whole_stack", False)))
    return {}


async def _joins(person: Person, order: Json) -> Json:
    """Enter a `channel`."""
    await person.joins(order["channel"])
    return {}


async def _leaves(person: Person, order: Json) -> Json:
    """Leave a `channel`."""
    await person.leaves(order["channel"])
    return {}


async def _archives(person: Person, order: Json) -> Json:
    """Archive a `channel`."""
    await person.archives(order["channel"])
    return {}


async def _reacts(person: Person, order: Json) -> Json:
    """Add the reaction `name` `to` the message of this ts `in` a channel."""
    await person.reacts(order["name"], to=_message(person, order["in"], order["to"]))
    return {}


async def _unreacts(person: Person, order: Json) -> Json:
    """Take that back."""
    await person.unreacts(order["name"], to=_message(person, order["in"], order["to"]))
    return {}


async def _opens_home(person: Person, order: Json) -> Json:
    """Look at the app's Home tab."""
    await person.opens_home()
    return {}


async def _sees(person: Person, order: Json) -> Json:
    """Wait until a message with this `text` is there `in` a channel."""
    seen = await person.sees(order["text"], in_=order["in"], within=order.get("within", PATIENCE))
    return {"message": _seen(seen)}


async def _reads(person: Person, order: Json) -> Json:
    """Every message `in` a channel that the person can see."""
    return {"messages": [_seen(seen) for seen in person.messages(order["in"])]}


DEEDS: dict[str, Callable[[Person, Json], Awaitable[Json]]] = {
    "types": _types,
    "presses": _presses,
    "chooses": _chooses,
    "gets_form": _gets_form,
    "fills": _fills,
    "submits": _submits,
    "closes": _closes,
    "joins": _joins,
    "leaves": _leaves,
    "archives": _archives,
    "reacts": _reacts,
    "unreacts": _unreacts,
    "opens_home": _opens_home,
    "sees": _sees,
    "reads": _reads,
}
"""What a person can be told to do."""


def _message(person: Person, channel: str, ts: Any) -> Seen:
    """The message of this ts that the person sees in a channel. CannotDo when there is none."""
    for seen in person.messages(channel):
        if seen.ts == ts:
            return seen
    raise CannotDo(f"{person.name} sees no message {ts!r} in {channel}.")


def _answer(answer: Answer | None) -> Json | None:
    """What the acknowledgement of a command showed."""
    return None if answer is None else {"text": answer.text, "blocks": answer.blocks, "error": answer.error}


def _form(form: Form) -> Json:
    """An open form, as it is read."""
    return {
        "title": form.title,
        "text": form.text,
        "labels": form.labels,
        "values": form.values,
        "errors": form.errors,
        "submit": form.submit,
    }


def _seen(seen: Seen) -> Json:
    """A message, as it is read and as Slack's JSON."""
    return {
        "ts": seen.ts,
        "channel": seen.channel.id,
        "text": seen.text,
        "ephemeral": seen.ephemeral,
        "thread_ts": seen.thread_ts,
        "raw": seen.raw,
    }
