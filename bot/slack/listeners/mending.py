"""Forms whose fields others will read: what the rules find in them is marked where it stands, and mended by one press."""

from collections.abc import Mapping

from bot.core.incident import Incident
from bot.core.plain import SAID_AGAIN
from bot.language import Finding, apply
from bot.slack.forms.mending import Found, marked, mended
from bot.slack.forms.modal import View
from bot.slack.ids import Field
from bot.slack.listeners.act import Act
from bot.slack.messages.plain import ALL, key


async def mend(act: Act) -> View:
    """`Use …` beside what was found in a field: it stands there from now on. Nothing is sent."""
    now, field = await act.incident(act.sent.drawn.number), act.pressed.field or Field.UPDATE
    texts = {**read(act)}
    chosen = act.pressed.finding
    found = (await found_in(act, now, texts)).get(field, ())
    content = apply(texts.get(field, ""), [one for one in found if chosen in (ALL, key(one))])
    view = mended(act.body["view"], field, content) if content != texts.get(field) else act.body["view"]
    again = await found_in(act, now, {**texts, field: content})
    return marked(view, again, act.sent.drawn, asks_why=act.sent.has(Field.REASON))


def read(act: Act) -> dict[Field, str]:
    """What the form says in the fields that others will read."""
    said = {field: act.sent.text(field) for field in (Field.UPDATE, Field.WRONG)}
    return {field: text for field, text in said.items() if text}


async def found_in(act: Act, now: Incident, texts: Mapping[Field, str]) -> Found:
    """What the rules find in these texts of the form. What was wrong is held only against what may not be said again."""
    names, audiences = await act.names(now), act.sent.choices(Field.AUDIENCES)
    found: dict[Field, tuple[Finding, ...]] = {}
    for field, text in texts.items():
        all_of_it = await act.service.findings(now, text, audiences, names)
        found[field] = tuple(one for one in all_of_it if field is not Field.WRONG or one.rule in SAID_AGAIN)
    return found
