"""Issue trackers that a policy names: that their hosts may be called, and get their tokens."""

from collections.abc import Iterator

import yaml
from pydantic import ValidationError

from bot.core.hosts import Host, barred
from bot.files.finding import Finding, at, shown
from bot.files.marked import items, value, word, words


def uncallable(root: yaml.Node) -> Iterator[Finding]:
    """Trackers to which every call would be refused."""
    hosts = list(_hosts(root))
    for tracker in items(value(root, "issue_trackers")):
        api, token = word(tracker, "api"), word(tracker, "token")
        if api and token and (why := barred(api.value, token.value, hosts)):
            add = f"`may_call` needs its host, with `secrets: [{shown(token.value)}]`"
            yield at(api, f"{why}. {add}.")


def _hosts(root: yaml.Node) -> Iterator[Host]:
    """The hosts as far as they are written as they must be."""
    for block in items(value(root, "may_call")):
        given = {key: found.value for key in ("host", "port", "internal") if (found := word(block, key))}
        try:
            yield Host.model_validate(given | {"secrets": [one.value for one in words(value(block, "secrets"))]})
        except ValidationError:
            continue
