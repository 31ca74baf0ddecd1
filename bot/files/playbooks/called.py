"""Calls in a playbook: that they go to hosts that the policy lists, with no more than those may get, and say nothing that is not
for a playbook to say."""

import re
from collections.abc import Iterator

import yaml

from bot.core.hosts import SECRET, Unlisted, is_ours, target
from bot.core.playbooks.calls import HttpCall
from bot.core.playbooks.flow import Place
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.part import secrets_in
from bot.core.playbooks.steps import Acting, Http
from bot.core.policy import Policy
from bot.files.finding import Finding, at, shown
from bot.files.playbooks.flows import node_of

_FILLED_IN = re.compile(r"\$\{[^}\s]*\}")


def uncalled(root: yaml.Node, playbook: Playbook, policy: Policy) -> Iterator[Finding]:
    """Everything for which a call would be refused when its turn comes."""
    for place, call in calls(playbook):
        found = target(_plain(call.url), policy.may_call)
        if isinstance(found, Unlisted):
            advice = "Write another, or add its host to `may_call` in the policy."
            yield at(node_of(root, *place, "url"), f"{found.why}. {advice}")
        else:
            yield from _secrets(root, place, call, found.host.secrets)
        yield from _headers(root, place, call)


def calls(playbook: Playbook) -> Iterator[tuple[Place, HttpCall]]:
    """Every call of a playbook, with its place."""
    for id, step in playbook.steps.items():
        if isinstance(step, Http):
            yield ("steps", id, "call"), step.call
        if isinstance(step, Acting) and step.undo and step.undo.call:
            yield ("steps", id, "undo", "call"), step.undo.call


def _plain(url: str) -> str:
    """The address with a letter for whatever is filled in after the host. The host must stand there in full."""
    host = re.match(r"[^/]*//[^/?]*", url)
    end = host.end() if host else 0
    return url[:end] + _FILLED_IN.sub("x", url[end:])


def _secrets(root: yaml.Node, place: Place, call: HttpCall, allowed: tuple[str, ...]) -> Iterator[Finding]:
    """Secrets that this host must not get."""
    texts = [
        ("url", call.url),
        *((("headers", name), value) for name, value in call.headers.items()),
        ("body", call.body),
    ]
    for key, text in texts:
        for name in dict.fromkeys(secrets_in(text or "")):
            if re.match(SECRET, name) and name not in allowed:
                inside = (key,) if isinstance(key, str) else key
                wrong = (
                    f"the policy does not let {shown(name)} be sent to this host. Add it to the host's `secrets` there."
                )
                yield at(node_of(root, *place, *inside), wrong)


def _headers(root: yaml.Node, place: Place, call: HttpCall) -> Iterator[Finding]:
    """Headers that say how a message is sent."""
    places = [(name, (*place, "headers", name)) for name in call.headers]
    if call.idempotency_header:
        places.append((call.idempotency_header, (*place, "idempotency_header")))
    for name, where in places:
        if is_ours(name):
            yield at(node_of(root, *where), f"the header {shown(name)} is not for a playbook to set. Take it out.")
