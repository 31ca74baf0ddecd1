"""Pictures in words: what a screen reader says of each, within Slack's thousand characters. Carries nothing that anybody typed."""

from collections import Counter
from datetime import datetime, timedelta

from bot.core.incident import Phase
from bot.core.trial import BoundaryState
from bot.core.value import Value
from bot.pictures.kinds import Kind
from bot.pictures.map_scene import MapScene, Outside, Part
from bot.pictures.run_scene import STOPPED, Routine
from bot.pictures.scene import Outcome, Row, Scene
from bot.pictures.statistics import Statistics
from bot.slack import words
from bot.slack.messages.charts import TITLES, in_words
from bot.slack.messages.message import say
from bot.slack.messages.system_map import STATE
from bot.slack.messages.unready import names
from bot.slack.text import shorten

ALT_LIMIT = 1000
"""Characters of an alternative text (Slack's documentation of files.getUploadURLExternal)."""

DRAWING = say("The picture is being drawn; the room gets it in a moment.")


def title(kind: Kind, what: Value) -> str:
    """What a picture is called, as plain text."""
    if isinstance(what, MapScene):
        return f"System map of {what.name}"
    return f"{what.name} as a picture" if isinstance(what, Scene) else TITLES[kind]


def alt_text(kind: Kind, what: Value) -> str:
    """What the picture shows, as plain text."""
    if isinstance(what, Scene):
        return shorten(_incident(what), ALT_LIMIT)
    if isinstance(what, MapScene):
        return shorten(_map(what), ALT_LIMIT)
    assert isinstance(what, Statistics)
    return shorten(in_words(kind, what), ALT_LIMIT)


def _incident(scene: Scene) -> str:
    phases = ", ".join(f"{words.phase_name(Phase(span.name))} {_took(span.end - span.begin)}" for span in scene.phases)
    severities = ", then ".join(span.name for span in scene.severities)
    drill = "Drill " if scene.is_drill else ""
    said = [
        f"{drill}{scene.name} from {_at(scene.begin)} to {_at(scene.end)} UTC on {scene.begin:%d %B %Y}.",
        f"Phases: {phases}.",
        f"Severity: {severities}.",
        *(_row(row) for row in scene.rows),
        *(
            [f"Hypotheses: {', '.join(f'{one.name} {one.stands.value}' for one in scene.thoughts)}."]
            if scene.thoughts
            else []
        ),
        *([f"Playbooks: {', '.join(map(_routine, scene.routines))}."] if scene.routines else []),
        *([f"{'; '.join(f'{mark.name} {_at(mark.at)}' for mark in scene.marks)}."] if scene.marks else []),
    ]
    return " ".join(said)


def _map(scene: MapScene) -> str:
    drill = "Drill " if scene.is_drill else ""
    said = [f"System map of {drill}{scene.name} at {_at(scene.at)} UTC on {scene.at:%d %B %Y}."]
    for state in STATE:
        parts = [_part(one) for one in scene.parts if one.state is state]
        said += [f"{STATE[state].partition(' ')[2]}: {', '.join(parts)}."] if parts else []
    said += [f"Not on the map: {', '.join(map(_place, scene.outside))}."] if scene.outside else []
    return " ".join(said)


def _place(outside: Outside) -> str:
    return f"the place of {names(outside.ideas)} ({_counted(len(outside.ideas), outside.open_ideas)})"


def _counted(ideas: int, still_open: int) -> str:
    return f"{words.count(ideas, 'hypothesis', 'hypotheses')}, {still_open} open"


def _part(part: Part) -> str:
    ideas = _counted(part.ideas, part.open_ideas) if part.ideas else ""
    seen = f"checked by {part.by}" if part.by and part.state is not BoundaryState.UNKNOWN else ""
    known = ", ".join(filter(None, (seen, ideas)))
    return f"{part.name} ({known})" if known else part.name


def _row(row: Row) -> str:
    counted = Counter(one.outcome for one in row.updates)
    some = ", ".join(f"{counted[outcome]} {outcome.value}" for outcome in Outcome if counted[outcome])
    return f"Updates for {row.audience}: {some}."


def _routine(routine: Routine) -> str:
    """A playbook and what became of it, with all that stopped it."""
    stops = sum(span.name == STOPPED for span in routine.spans)
    stopped = f", {words.count(stops, 'stop', 'stops')}" if stops else ""
    return f"{routine.name} {routine.end or 'goes on'}{stopped}"


def _at(at: datetime) -> str:
    return f"{at:%H:%M}"


def _took(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
