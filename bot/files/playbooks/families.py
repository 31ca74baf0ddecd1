"""How playbooks refer to each other: those that are not there, inputs that another does not ask for, and playbooks that run each
other in a circle."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import yaml

from bot.core.playbooks.flow import Place, circle
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.steps import Stop, SubPlaybook
from bot.files.finding import Finding, at, nearest, shown
from bot.files.playbooks.flows import node_of


class Member(NamedTuple):
    """A playbook that could be read, and where it refers to others. Of its tree no more is kept: a thousand trees take long to look
    after."""

    playbook: Playbook
    places: Mapping[Place, yaml.Node]


def member(root: yaml.Node, playbook: Playbook) -> Member:
    """This playbook, read from this tree."""
    places = [place for place, _ in (*_others(playbook), *_runs(playbook))]
    for id, step in playbook.steps.items():
        if isinstance(step, SubPlaybook):
            places += [("steps", id, "inputs", name) for name in step.inputs]
    return Member(playbook, {place: node_of(root, *place) for place in places})


def strangers(members: Sequence[Member], known: Collection[str]) -> Mapping[str, list[Finding]]:
    """What is wrong with how these refer to each other, by the id of the playbook that does. `known` are all that there are, also
    those that cannot be read."""
    by_id = {member.playbook.id: member for member in members}
    found: dict[str, list[Finding]] = {}
    for member in members:
        wrong = [*_unknown(member, known), *_inputs(member, by_id)]
        if wrong:
            found[member.playbook.id] = wrong
    for id, finding in _circles(by_id):
        found.setdefault(id, []).append(finding)
    return found


def _unknown(member: Member, known: Collection[str]) -> Iterator[Finding]:
    for place, id in (*_others(member.playbook), *_runs(member.playbook)):
        if id not in known:
            meant = nearest(id, sorted(known))
            advice = f"Did you mean {meant}?" if meant else "Write the id of one, or take it out."
            yield at(member.places[place], f"there is no playbook {shown(id)}. {advice}")


def _others(playbook: Playbook) -> Iterator[tuple[Place, str]]:
    """The playbooks that it only points to."""
    for number, one in enumerate(playbook.not_for):
        if one.use:
            yield ("not_for", number, "use"), one.use
    for id, step in playbook.steps.items():
        if isinstance(step, Stop) and step.hands_over_to:
            yield ("steps", id, "hands_over_to"), step.hands_over_to


def _runs(playbook: Playbook) -> Iterator[tuple[Place, str]]:
    """The playbooks that it runs as steps of its own."""
    for id, step in playbook.steps.items():
        if isinstance(step, SubPlaybook):
            yield ("steps", id, "playbook"), step.playbook


def _inputs(member: Member, by_id: Mapping[str, Member]) -> Iterator[Finding]:
    """What a sub-playbook is given and does not ask for, and what it asks for and is not given."""
    for id, step in member.playbook.steps.items():
        other = by_id.get(step.playbook) if isinstance(step, SubPlaybook) else None
        if not isinstance(step, SubPlaybook) or other is None:
            continue
        asked = {one.name: one.default for one in other.playbook.inputs}
        for name in step.inputs:
            if name not in asked:
                wrong = f"{step.playbook} does not ask for {shown(name)}. Take it out."
                yield at(member.places["steps", id, "inputs", name], wrong)
        for name, default in asked.items():
            if default is None and name not in step.inputs:
                wrong = f"{step.playbook} asks for {name}. Add `inputs: {{{name}: …}}`."
                yield at(member.places["steps", id, "playbook"], wrong)


def _circles(by_id: Mapping[str, Member]) -> Iterator[tuple[str, Finding]]:
    """Playbooks that run each other in a circle, told at each of them."""

    def onward(id: str) -> list[str]:
        return [to for _, to in _runs(by_id[id].playbook) if to in by_id]

    around_it = circle(by_id, onward)
    for place, id in enumerate(around_it):
        way = " → ".join([*around_it[place:], *around_it[:place], id])
        after = around_it[(place + 1) % len(around_it)]
        where = next(where for where, to in _runs(by_id[id].playbook) if to == after)
        wrong = f"these playbooks run each other in a circle: {way}. Hand over with a stop and `hands_over_to` instead."
        yield id, at(by_id[id].places[where], wrong)
