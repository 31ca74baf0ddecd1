"""Who reads updates, as a policy names them: each audience either in a channel or in direct messages, and what subscribers read."""

from collections.abc import Iterator

import yaml

from bot.core.policy_parts import SUBSCRIBERS
from bot.files.finding import Finding, at, shown
from bot.files.marked import items, value, word, words


def unreachable(root: yaml.Node) -> Iterator[Finding]:
    """Audiences that read nowhere or in two ways, or are called like those who subscribe."""
    for audience in items(value(root, "audiences")):
        channel, people, name = word(audience, "channel"), words(value(audience, "people")), word(audience, "name")
        if channel and people:
            yield at(people[0], "an audience reads in a channel or in direct messages. Take `channel` or `people` out.")
        elif not channel and not people and isinstance(audience, yaml.MappingNode) and name:
            add = '`channel: "#exec-updates"`, or `people: ["@directors"]` for direct messages'
            yield at(name, f"{shown(name.value)} reads nowhere. Add {add}.")
        if name and name.value == SUBSCRIBERS:
            yield at(name, f"{SUBSCRIBERS} are those who subscribe to an incident. Give this audience another name.")
