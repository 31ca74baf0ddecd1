"""Forms whose fields others will read: what the rules find in them is marked where it stands, and mended by one press.

A correction is not sent before it is mended or somebody says why. A fact is: nobody is held up over words. Whoever sends it as it
is after they have seen what was found means it; updates then say something else in its place (`core/withheld.py`).
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from bot.core.decision import Command
from bot.core.facts import StateImpact
from bot.core.incident import Incident
from bot.core.plain import SAID_AGAIN
from bot.core.policy import Policy
from bot.core.questions import AnswerQuestion
from bot.language import Finding, apply, errors
from bot.slack.forms.facts import FactsForm
from bot.slack.forms.mending import Found, marked, mended, noted
from bot.slack.forms.modal import View
from bot.slack.ids import Drawn, Field, Form
from bot.slack.listeners.act import Act
from bot.slack.messages.plain import ALL, INSIST, key

FACTS = (Field.IMPACT, Field.SIZE, Field.WORKAROUND)
"""The fields of facts that updates say as they are typed."""


async def mend(act: Act) -> View:
    """`Use …` beside what was found in a field: it stands there from now on. Nothing is sent."""
    now, field = await act.incident(act.sent.drawn.number), act.pressed.field or Field.UPDATE
    texts, chosen = read(act), act.pressed.finding
    found = (await found_in(act, now, texts)).get(field, ())
    content = apply(texts.get(field, ""), [one for one in found if chosen in (ALL, key(one))])
    view = mended(act.body["view"], field, content) if content != texts.get(field) else act.body["view"]
    return _marked(act, view, {**texts, field: content}, await found_in(act, now, {**texts, field: content}))


def _marked(act: Act, view: Mapping[str, Any], texts: Mapping[Field, str], found: Found) -> View:
    """The form with what was found in these texts of it."""
    if _corrects(act):
        return marked(view, found, act.sent.drawn, asks_why=act.sent.has(Field.REASON))
    shown = marked(view, found, act.sent.drawn.but(marked=_fingerprint(texts)))
    return noted(shown, INSIST) if _has_errors(found) else shown


async def facts_form(act: Act, now: Incident, policy: Policy) -> View:
    """The form with the facts, and what was found in the impact as it stands."""
    view = FactsForm.view(now, policy)
    found = await act.service.fact_findings(now, now.impact, await act.names(now)) if now.impact else ()
    return marked(view, {Field.IMPACT: found}, Drawn.of(now)) if errors(found) else view


async def asks_once(act: Act) -> View | None:
    """A form that states facts, with what was found in them, unless whoever sends it was shown that already. None: take it."""
    texts = read(act)
    if not texts or act.sent.drawn.marked == _fingerprint(texts):
        return None
    found = await found_in(act, await act.incident(act.sent.drawn.number), texts)
    return _marked(act, act.body["view"], texts, found) if _has_errors(found) else None


def with_names(command: Command, names: tuple[str, ...]) -> Command:
    """The command with the names of the incident's people in each fact that updates say."""
    if isinstance(command, StateImpact | AnswerQuestion):
        return command.but(names=names)
    parts = {part: getattr(command, part, ()) for part in ("facts", "first")}
    return command.but(
        **{part: tuple(with_names(one, names) for one in inner) for part, inner in parts.items() if inner}
    )


def read(act: Act) -> dict[Field, str]:
    """What the form says in the fields that others will read; of facts, what is not as it was drawn."""
    fields = (Field.UPDATE, Field.WRONG) if _corrects(act) else FACTS
    said = {field: act.sent.text(field) for field in fields if _corrects(act) or act.sent.was_changed(field)}
    return {field: text for field, text in said.items() if text}


async def found_in(act: Act, now: Incident, texts: Mapping[Field, str]) -> Found:
    """What the rules find in these texts of the form. What was wrong is held only against what may not be said again."""
    names, audiences = await act.names(now), act.sent.choices(Field.AUDIENCES)
    found: dict[Field, tuple[Finding, ...]] = {}
    for field, text in texts.items():
        if field in FACTS:
            found[field] = await act.service.fact_findings(now, text, names)
            continue
        all_of_it = await act.service.findings(now, text, audiences, names)
        found[field] = tuple(one for one in all_of_it if field is not Field.WRONG or one.rule in SAID_AGAIN)
    return found


def _corrects(act: Act) -> bool:
    return bool(act.body["view"].get("callback_id") == Form.CORRECTION)


def _has_errors(found: Found) -> bool:
    return any(errors(findings) for findings in found.values())


def _fingerprint(texts: Mapping[Field, str]) -> str:
    return hashlib.sha256("\n".join(texts[field] for field in sorted(texts)).encode()).hexdigest()[:16]
