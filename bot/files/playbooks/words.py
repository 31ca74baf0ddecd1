"""What stands in a playbook: names that the policy must know, inputs that must be asked for, and secrets that must not be there."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import yaml

from bot.core.playbooks.flow import Place
from bot.core.playbooks.model import ROOM, Playbook
from bot.core.playbooks.part import named_in, secrets_in
from bot.core.playbooks.steps import Acting, Base, Confirm, Notify
from bot.core.policy import Policy
from bot.files.finding import Finding, at, nearest, shown
from bot.files.marked import items, pairs
from bot.files.playbooks.flows import node_of


class Kind(NamedTuple):
    """A kind of secret: what it is called, how it is recognised, and what stands in every one of them, in small letters, so that a
    text without these is quickly passed over."""

    name: str
    looks: re.Pattern[str]
    signs: tuple[str, ...]

    def is_in(self, text: str, lowered: str) -> bool:
        """Whether one stands in this text."""
        return any(sign in lowered for sign in self.signs) and self.looks.search(text) is not None


_WORDS = ("password", "passwd", "pwd", "secret", "apikey", "api-key", "api_key", "token")
SECRETS = (
    Kind("an AWS key", re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b"), ("akia", "asia")),
    Kind("a Slack token", re.compile(r"\bx(ox[abeprs]|app)-[\w-]{10,}"), ("xox", "xapp-")),
    Kind(
        "a GitHub token",
        re.compile(r"\b(gh[oprsu]_\w{20,}|github_pat_\w{20,})"),
        ("gho_", "ghp_", "ghr_", "ghs_", "ghu_", "github_pat_"),
    ),
    Kind("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"), ("private key",)),
    Kind("a signed token", re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}"), ("eyj",)),
    Kind(
        "a live API key",
        re.compile(r"\b(sk|rk|pk)[-_](live|proj|ant)[-_]\w{8,}"),
        ("_live", "-live", "_proj", "-proj", "_ant", "-ant"),
    ),
    Kind("a Google key", re.compile(r"\bAIza[\w-]{30,}"), ("aiza",)),
    Kind("a password in an address", re.compile(r"://[^\s/:@]+:[^\s/@$]{3,}@"), ("://",)),
    Kind("a bearer token", re.compile(r"\b[Bb]earer\s+(?!\$\{)[\w.~+/-]{16,}"), ("bearer",)),
    Kind(
        "a password",
        re.compile(rf"(?<!\$\{{)\b({'|'.join(_WORDS)})\b\s*[:=]\s*['\"]?(?!\$\{{)[^\s'\"<]{{6,}}", re.I),
        _WORDS,
    ),
)
"""Secrets that are recognised wherever they stand."""
_SECRET_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,59}")
_PRECISE = ("query", "baseline", "traffic", "url", "headers")
"""Keys in which an input must be a single word, so that it cannot say more than it should."""
_MANY = 6


def misnamed(text: str, root: yaml.Node, playbook: Playbook, policy: Policy | None) -> Iterator[Finding]:
    """Everything that is wrong with the words. What the whole file (`text`) does not have is not looked for in its
    parts."""
    lowered = text.casefold()
    if any(kind.is_in(text, lowered) for kind in SECRETS):
        yield from _secrets(root)
    if "${" in text:
        yield from _inputs(root, playbook)
    yield from _unneeded(text, root, playbook)
    yield from _twins(root, playbook)
    if policy is not None:
        yield from _unknown(root, playbook, policy)


def _secrets(root: yaml.Node) -> Iterator[Finding]:
    """Secrets in the text. What is found is not repeated."""
    for _, word in _scalars(root, ()):
        for kind in SECRETS:
            if kind.looks.search(word.value):
                yield at(
                    word, f"this looks like {kind.name}. Change it where it is used, and write `${{secret:NAME}}` here."
                )
                break


def _scalars(node: yaml.Node, place: Place) -> Iterator[tuple[Place, yaml.ScalarNode]]:
    if isinstance(node, yaml.ScalarNode):
        yield place, node
    for number, item in enumerate(items(node)):
        yield from _scalars(item, (*place, number))
    for key, content in pairs(node):
        yield from _scalars(content, (*place, key.value))


def _inputs(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    """Inputs that nothing asks for, texts where only a word may stand, and secrets whose name cannot be one."""
    types = {one.name: one.type for one in playbook.inputs}
    for place, word in _scalars(root, ()):
        if "${" not in word.value:
            continue
        for name in named_in(word.value):
            if name not in types:
                yield at(word, _no_input(name, list(types)))
            elif types[name] in ("text", "choice") and any(key in place for key in _PRECISE):
                wrong = f"the input {name} could be any text, which must not stand here. Write `type: word` where it is asked for."
                yield at(word, wrong)
        for name in secrets_in(word.value):
            if not _SECRET_NAME.fullmatch(name):
                yield at(word, f"{shown(name)} cannot be the name of a secret. Write capital letters, digits and _.")
            elif "call" not in place:
                yield at(word, "a secret would be shown here. It can stand in a call only; take it out.")


def _unneeded(text: str, root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    """Questions whose answer stands nowhere: they cost time when there is none."""
    for number, one in enumerate(playbook.inputs):
        if f"${{{one.name}}}" not in text:
            wrong = (
                f"nothing needs the answer to this. Write ${{{one.name}}} where it matters, or take the question out."
            )
            yield at(node_of(root, "inputs", number, "name"), wrong, is_fatal=False)


def _no_input(name: str, known: Sequence[str]) -> str:
    meant = nearest(name, known)
    advice = (
        f"Did you mean ${{{meant}}}?"
        if meant
        else f"Add `- {{name: {shown(name) or 'service'}, asks: …}}` to `inputs`."
    )
    return f"nothing asks for {shown(name)}. {advice}"


def _twins(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    names = [one.name for one in playbook.inputs]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield at(node_of(root, "inputs", number, "name"), f"the input {name} stands there twice. Take one out.")


def _unknown(root: yaml.Node, playbook: Playbook, policy: Policy) -> Iterator[Finding]:
    """Roles, audiences, boundaries and severities that the policy does not have."""
    roles = [role.name for role in policy.roles]
    yield from _strange(root, _roles(playbook), "role", roles)
    audiences = [ROOM, *(audience.name for audience in policy.audiences)]
    yield from _strange(root, _audiences(playbook), "audience", audiences)
    applies = playbook.applies_to
    boundaries = [(("applies_to", "boundaries", place), name) for place, name in enumerate(applies.boundaries)]
    yield from _strange(root, boundaries, "boundary", [boundary.id for boundary in policy.boundaries])
    severities = [(("applies_to", "severities", place), name) for place, name in enumerate(applies.severities)]
    yield from _strange(root, severities, "severity", [severity.name for severity in policy.severities])


def _strange(root: yaml.Node, named: Iterable[tuple[Place, str]], what: str, known: Sequence[str]) -> Iterator[Finding]:
    for place, name in named:
        if name not in known:
            meant = nearest(name, known)
            some = ", ".join(map(shown, known[:_MANY])) + (" …" if len(known) > _MANY else "")
            advice = f"Did you mean {shown(meant)}?" if meant else f"Write one of: {some}"
            end = "" if advice.endswith(("?", "…")) else "."
            yield at(node_of(root, *place), f"the policy has no {what} {shown(name)}. {advice}{end}")


def _roles(playbook: Playbook) -> Iterator[tuple[Place, str]]:
    yield ("rollback_role",), playbook.rollback_role
    if playbook.defaults.role:
        yield ("defaults", "role"), playbook.defaults.role
    for id, step in playbook.steps.items():
        for inside, role in _roles_of(step):
            if role:
                yield ("steps", id, *inside), role


def _roles_of(step: Base) -> Iterator[tuple[Place, str | None]]:
    yield ("role",), step.role
    if isinstance(step, Confirm):
        yield ("second_role",), step.second_role
    if isinstance(step, Acting) and step.undo:
        yield ("undo", "role"), step.undo.role


def _audiences(playbook: Playbook) -> Iterator[tuple[Place, str]]:
    for id, step in playbook.steps.items():
        if isinstance(step, Notify):
            yield ("steps", id, "audience"), step.audience
