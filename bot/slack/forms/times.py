"""The form that says when it was: when it started and when it was noticed, each exactly or by estimate."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from bot.core.decision import Command, Origin
from bot.core.facts import CorrectFacts, StateDetection, StateStart
from bot.core.incident import Incident
from bot.slack import words
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Drawn, Field, Form
from bot.slack.times import read_estimate, read_past_time

_EXAMPLE = "14:05, or 2026-11-23 23:50"
_UNREADABLE = f"I cannot read this as a time. Write it like {_EXAMPLE}."


class TimesForm:
    """When it started and when it was noticed."""

    @staticmethod
    def view(incident: Incident, zone: tzinfo) -> View:
        """What is known, in this zone, to be changed."""
        marked = [
            *([Field.STARTED.value] if incident.is_start_estimated else []),
            *([Field.DETECTED.value] if incident.is_detection_estimated else []),
        ]
        options = [
            ("The start is an estimate", Field.STARTED.value),
            ("So is when it was noticed", Field.DETECTED.value),
        ]
        blocks = [
            _time(Field.STARTED, "When did it start?", incident.started, zone),
            _time(Field.DETECTED, "When was it noticed?", incident.detected or incident.declared_at, zone),
            inputs.ticks(Field.ESTIMATED, "Estimated", options, initial=marked),
        ]
        return form(Form.TIMES, words.TIMES, "Save", blocks, Drawn.of(incident))

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin, zone: tzinfo) -> CorrectFacts | FieldErrors:
        """What was changed, read in this zone; a field nobody touched states nothing, unless its tick was set or taken away."""
        sent = Sent(view)
        errors, facts = dict[str, str](), list[Command]()
        ticked, was_ticked = set(sent.choices(Field.ESTIMATED)), sent.drawn_choices(Field.ESTIMATED)
        for field in (Field.STARTED, Field.DETECTED):
            typed = sent.text(field)
            is_retouched = (field.value in ticked) != (field.value in was_ticked)
            if typed is None or not (sent.was_changed(field) or is_retouched):
                continue
            is_about, rest = read_estimate(typed)
            at = read_past_time(rest, origin.at, zone)
            if at is None:
                errors[field.value] = _UNREADABLE
            elif at > origin.at:
                errors[field.value] = "This time is still to come. Please give one that has passed."
            else:
                facts.append(_fact(field, origin, at, is_estimated=is_about or field.value in ticked))
        return FieldErrors(errors) if errors else CorrectFacts(origin=origin, facts=tuple(facts))


def _time(field: Field, label: str, known: datetime | None, zone: tzinfo) -> dict[str, Any]:
    initial = f"{known.astimezone(zone):%Y-%m-%d %H:%M}" if known else None
    return inputs.text(field, label, initial=initial, example=_EXAMPLE, optional=True, multiline=False, limit=60)


def _fact(field: Field, origin: Origin, at: datetime, *, is_estimated: bool) -> Command:
    if field is Field.STARTED:
        return StateStart(origin=origin, started=at, is_estimated=is_estimated)
    return StateDetection(origin=origin, detected=at, is_estimated=is_estimated)
