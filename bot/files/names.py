"""Words of a policy that refer to each other: severities that exist, names that stand for one thing only, a commander; and what
is allowed but has no effect."""

from collections.abc import Iterator, Sequence

import yaml

from bot.core.incident import COMMANDER, Phase
from bot.core.needs import EARLIEST, HELD, Need
from bot.core.policy import misplaced
from bot.core.policy_parts import ANYONE, DECLARER, ROLES, is_person
from bot.files.finding import Finding, at, nearest, shown
from bot.files.marked import items, pairs, value, word, words
from bot.files.readers import unreachable
from bot.files.trackers import uncallable

_SEEN = 75
"""So many characters of a description Slack shows where people choose."""


def misfits(root: yaml.Node) -> list[Finding]:
    """Every word that does not fit the others, all of them fatal."""
    unknown_people = (*_unknown_redactors(root), *_unknown_accepters(root), *_unknown_actors(root))
    unknown_names = (*_unknown_severities(root), *unknown_people, *_nowhere(root))
    beside = (*unreachable(root), *uncallable(root))
    return [*unknown_names, *beside, *_twins(root), *_commander(root), *_misplaced(root), *_seatless(root)]


def warnings(root: yaml.Node) -> list[Finding]:
    """What is allowed and has no effect."""
    return [*_unheard(root), *_unseen(root)]


def severities(root: yaml.Node) -> list[str]:
    """The names of the severities, as far as they are written."""
    return [name.value for name in _named(root, "severities", "name")]


def unknown(given: str, known: Sequence[str]) -> str:
    """What is said of a severity that is not one of the known ones."""
    meant = nearest(given, known)
    advice = f"Did you mean {shown(meant)}?" if meant else "Write one of these."
    return f"{shown(given)} is not one of the severities {', '.join(map(shown, known))}. {advice}"


def _unknown_severities(root: yaml.Node) -> Iterator[Finding]:
    known = severities(root)
    for name in _severities_meant(root):
        if known and name.value not in known:
            yield at(name, unknown(name.value, known))


def _severities_meant(root: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if unset := word(root, "unset_counts_as"):
        yield unset
    yield from words(value(root, "strict_at"))
    yield from words(value(root, "escalate_at"))
    yield from words(value(root, "full_postmortem_at"))
    for audience in items(value(root, "audiences")):
        yield from (*words(value(audience, "hears")), *_in_cadences(audience))
    for one in (*items(value(root, "gates")), *items(value(root, "paces"))):
        yield from words(value(one, "at"))
    for assessment in items(value(root, "assessments")):
        yield from words(value(assessment, "severities"))


def _in_cadences(audience: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """The severities for which an audience has a cadence of its own."""
    for cadence in ("first_update_minutes", "then_every_minutes"):
        yield from (severity for severity, _ in pairs(value(audience, cadence)))


def _named(root: yaml.Node, part: str, key: str) -> list[yaml.ScalarNode]:
    """The words under this key of everything in this part of the policy."""
    return [found for one in items(value(root, part)) if (found := word(one, key))]


def _twins(root: yaml.Node) -> Iterator[Finding]:
    elsewhere = "Give this one another name, or take it out."
    yield from _second("the severity", _named(root, "severities", "name"), elsewhere)
    yield from _second("the boundary", _named(root, "boundaries", "id"), elsewhere)
    yield from _second("the audience", _named(root, "audiences", "name"), elsewhere)
    yield from _second("the issue tracker", _named(root, "issue_trackers", "name"), elsewhere)
    yield from _second("the channel", _named(root, "weekly", "channel"), "Write one line for each channel.")
    yield from _twin_digests(root)
    yield from _second("the hint", _named(root, "hints", "hint"), "Write it in one place.")
    yield from _second("the act", _named(root, "may", "act"), "Write all who may do it in one place.")
    yield from _second("the phase", _named(root, "slower_in", "phase"), "Write one line for each phase.")
    yield from _second("the step", _named(root, "ladder", "step"), "Write one line for each step.")
    yield from _twin_hosts(root)
    yield from _second("the answer", _named(root, "assessments", "who"), "Write its severities in one place.")
    typed = [name for role in items(value(root, "roles")) for name in _words_for(role)]
    yield from _second("the word", typed, "A word means one role only: write another here, or take it out.")


def _twin_digests(root: yaml.Node) -> Iterator[Finding]:
    """A channel reads of each team once."""
    first = set[tuple[str, str]]()
    for block in items(value(root, "monthly")):
        channel, team = word(block, "channel"), word(block, "team")
        if channel:
            if (read := (channel.value, team.value if team else "")) in first:
                yield at(channel, "this channel reads of this team twice. Write one line for each team and channel.")
            first.add(read)


def _twin_hosts(root: yaml.Node) -> Iterator[Finding]:
    """A host may stand there once for each port."""
    first: dict[tuple[str, str], int] = {}
    for number, block in enumerate(items(value(root, "may_call"))):
        name, port = word(block, "host"), word(block, "port")
        before = first.setdefault((name.value, port.value if port else "443"), number) if name else number
        if name and before != number:
            yield at(name, f"the host {shown(name.value)} stands there twice with this port. Take one out.")


def _words_for(role: yaml.Node) -> list[yaml.ScalarNode]:
    """The words by which people type a role. Its name may be one of the short ones too, and counts once."""
    typed = [*words(value(role, "short")), *filter(None, [word(role, "name")])]
    return list({name.value.casefold(): name for name in typed}.values())


def _second(what: str, names: Sequence[yaml.ScalarNode], advice: str) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for number, name in enumerate(names):
        before = first.setdefault(name.value.casefold(), number)
        if before != number:
            line = names[before].start_mark.line + 1
            yield at(name, f"{what} {shown(name.value)} stands there twice, first in line {line}. {advice}")


def _commander(root: yaml.Node) -> Iterator[Finding]:
    roles, names = value(root, "roles"), {name.value: name for name in _named(root, "roles", "name")}
    if not roles or not items(roles) or COMMANDER in names:
        return
    if meant := nearest(COMMANDER, list(names)):
        yield at(names[meant], f"one of the roles must be named {COMMANDER}. Write `name: {COMMANDER}`.")
    else:
        add = f"{{name: {COMMANDER}, short: [commander, ic], does: leads and decides}}"
        yield at(roles, f"one of the roles must be named {COMMANDER}. Add `- {add}`.")


def _roles(root: yaml.Node) -> list[str]:
    """The names of the roles: those that are written, or else those of a policy that names none."""
    return [name.value for name in _named(root, "roles", "name")] or [role.name for role in ROLES]


def _unknown_accepters(root: yaml.Node) -> Iterator[Finding]:
    """Roles whose hand-over is to be accepted and that there are not."""
    roles = _roles(root)
    for name in words(value(root, "hand_over_is_accepted")):
        if name.value not in roles:
            meant = nearest(name.value, roles)
            advice = f"Did you mean {shown(meant)}?" if meant else "Write the name of a role."
            yield at(name, f"{shown(name.value)} is not one of the roles {', '.join(map(shown, roles))}. {advice}")


def _unknown_redactors(root: yaml.Node) -> Iterator[Finding]:
    """Who may redact and is neither a role nor a person or group."""
    roles = _roles(root)
    for who in words(value(root, "may_redact")):
        if who.value not in roles and not is_person(who.value):
            meant = nearest(who.value, roles)
            otherwise = 'Write the name of a role, a handle such as `"@security"`, or an id such as `U0123ABCD`.'
            advice = f"Did you mean {shown(meant)}?" if meant else otherwise
            yield at(who, f"{shown(who.value)} is neither a role nor a handle or an id. {advice}")


def _unknown_actors(root: yaml.Node) -> Iterator[Finding]:
    """Who may do something and is no role."""
    known = [*_roles(root), ANYONE, DECLARER]
    for permission in items(value(root, "may")):
        for who in words(value(permission, "who")):
            if who.value not in known:
                meant = nearest(who.value, known)
                advice = f"Did you mean {shown(meant)}?" if meant else f"Write some of: {', '.join(map(shown, known))}."
                yield at(who, f"{shown(who.value)} is no role. {advice}")


def _nowhere(root: yaml.Node) -> Iterator[Finding]:
    """What a part of the system map depends on and the map does not have, or is itself."""
    known = [name.value for name in _named(root, "boundaries", "id")]
    for boundary in items(value(root, "boundaries")):
        own = word(boundary, "id")
        for other in words(value(boundary, "depends_on")):
            if own and other.value == own.value:
                yield at(other, f"{shown(other.value)} cannot depend on itself. Take it out.")
            elif other.value not in known:
                meant = nearest(other.value, known)
                advice = f"Did you mean {shown(meant)}?" if meant else "Write the id of a boundary, or take it out."
                yield at(other, f"{shown(other.value)} is not one of the boundaries. {advice}")


def _misplaced(root: yaml.Node) -> Iterator[Finding]:
    """What a gate asks for earlier than it can be known, or what is asked for in any case."""
    for guard in items(value(root, "gates")):
        need, leaving = word(guard, "need"), word(guard, "leaving")
        if need is None or need.value not in list(Need):
            continue
        phase = Phase(leaving.value) if leaving and leaving.value in list(Phase) else None
        if wrong := misplaced(Need(need.value), phase):
            later = f"Write `leaving: {EARLIEST[Need(need.value)]}` or a later phase, or take it out."
            yield at(leaving or need, f"{wrong}. {later if phase else 'Take it out.'}")


def _seatless(root: yaml.Node) -> Iterator[Finding]:
    """Roles that a gate asks for and that nobody can hold."""
    roles = _roles(root)
    for need in _named(root, "gates", "need"):
        if need.value in HELD and need.value not in roles:
            yield at(need, f"there is no role {shown(need.value)}. Add it to `roles`, or take this out.")


def _unheard(root: yaml.Node) -> Iterator[Finding]:
    """Cadences of severities that the audience does not hear of."""
    known = severities(root)
    for audience in items(value(root, "audiences")):
        heard = [severity.value for severity in words(value(audience, "hears"))]
        for severity in _in_cadences(audience):
            if heard and severity.value in known and severity.value not in heard:
                name = shown(severity.value)
                advice = f"Add {name} to `hears`, or take it out here."
                wrong = f"this audience does not hear of {name}, so that this has no effect."
                yield at(severity, f"{wrong} {advice}", is_fatal=False)


def _unseen(root: yaml.Node) -> Iterator[Finding]:
    """Descriptions that are cut where people choose."""
    for line in (*_named(root, "severities", "means"), *_named(root, "roles", "does")):
        if len(line.value) > _SEEN:
            advice = f"Write {len(line.value) - _SEEN} fewer."
            yield at(line, f"only the first {_SEEN} characters are seen where people choose. {advice}", is_fatal=False)
