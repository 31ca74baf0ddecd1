"""What is wrong with the keys of a playbook: pydantic's errors told in plain words, each at its place and with what to write. What
a key takes is said once, in the model; examples come from there too."""

import re
from collections import abc
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, get_args, get_origin

import yaml
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.core.playbooks import calls, criteria, model, part, steps
from bot.core.playbooks.part import MISFIT, Part
from bot.files.finding import Finding, at, nearest, shown
from bot.files.marked import is_nothing, items, pairs, value

_KEY = "[key]"
"""Pydantic's word for an error in the key itself."""

_CALLED: Mapping[type[Part], str] = {
    model.Playbook: "the playbook",
    model.Input: "an input",
    model.AppliesTo: "applies_to",
    model.NotFor: "an entry of not_for",
    model.Defaults: "defaults",
    calls.HttpCall: "a call",
    steps.Undo: "an undo",
    steps.Option: "an option",
    steps.Manual: "a manual step",
    steps.Confirm: "a confirm step",
    steps.Decision: "a decision",
    steps.Wait: "a wait",
    steps.CheckMetric: "a check_metric step",
    steps.Http: "an http step",
    steps.Notify: "a notify step",
    steps.SubPlaybook: "a sub_playbook step",
    steps.Snapshot: "a snapshot",
    steps.Rollback: "a rollback",
    steps.Stop: "a stop",
    criteria.Measure: "a measure",
    criteria.Trigger: "a criterion",
    criteria.MetricCompare: "a metric criterion",
    criteria.BaselineCompare: "a baseline criterion",
    criteria.Deadline: "a deadline",
    criteria.Absence: "an absence",
    criteria.Judged: "a manual criterion",
    criteria.AnyOf: "any_of",
    criteria.AllOf: "all_of",
}


class Spot(NamedTuple):
    """Where an error is: the node there or the nearest around it, the block it belongs to, the part of the model that the block is,
    its key, and the field of that name, if there is one."""

    node: yaml.Node
    block: yaml.Node
    owner: type[Part]
    key: str
    field: FieldInfo | None


def misshapen(root: yaml.Node, error: ValidationError) -> list[Finding]:
    """Every key that is missing, unknown, or holds what it does not take."""
    return [told for one in error.errors() if (told := _told(root, one))]


def _spot(root: yaml.Node, place: tuple[int | str, ...]) -> Spot:
    """Follows the error's place down the tree and the model. Where the model has several kinds, the place names the kind."""
    node, block, key = root, root, ""
    owner: type[Part] = model.Playbook
    field: FieldInfo | None = None
    here: type[Part] = model.Playbook
    inside: list[type[Part]] = []
    skips = False
    for one in place:
        if inside and not skips:
            here, inside = next((kind for kind in inside if _tag(kind) == one), here), []
            continue
        if skips or isinstance(one, int):
            skips = False
        else:
            block, owner, key, field = node, here, one, here.model_fields.get(one)
            inside, skips = (_parts(field.annotation), _is_many(field.annotation)) if field else ([], False)
        node = _into(node, one) or node
        if len(inside) == 1 and not skips:
            here, inside = inside[0], []
    return Spot(node, block, owner, key, field)


def _into(node: yaml.Node, one: int | str) -> yaml.Node | None:
    if isinstance(one, str):
        return value(node, one)
    listed = items(node)
    return listed[one] if one < len(listed) else None


def _parts(annotation: Any) -> list[type[Part]]:
    """The parts of the model that can stand there."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return [annotation]
    return [found for one in get_args(annotation) for found in _parts(one)]


def _is_many(annotation: Any) -> bool:
    return get_origin(annotation) in (tuple, abc.Mapping)


def _tag(kind: type[Part]) -> str | None:
    field = kind.model_fields.get("kind")
    return get_args(field.annotation)[0] if field else None


def _told(root: yaml.Node, error: ErrorDetails) -> Finding | None:
    """The finding, unless another says it already."""
    kind, place = error["type"], error["loc"]
    spot = _spot(root, place)
    if kind == MISFIT:
        wrong, write = error["ctx"]["wrong"], error["ctx"]["write"]
        holder = spot.node if isinstance(spot.node, yaml.MappingNode) else spot.block
        return at(value(holder, error["ctx"]["key"]) or holder, f"{wrong} Write `{write}`.")
    if place[-1:] == (_KEY,):
        holder = _spot(root, place[:-2]).node
        name = next((name for name, _ in pairs(holder) if name.value == place[-2]), holder)
        return at(name, f"{shown(str(place[-2]))} is not {_pattern(error)}")
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return _kind(spot, error)
    if kind == "missing":
        return _missing(spot)
    return _unknown_key(spot) if kind == "extra_forbidden" else at(spot.node, _wrong(spot, error))


def _kind(spot: Spot, error: ErrorDetails) -> Finding:
    """What kind of step or criterion it is."""
    known = [tag for part in _parts(spot.field.annotation) if (tag := _tag(part))] if spot.field else []
    what = "step" if "manual" in known and "stop" in known else "criterion"
    if error["type"] == "union_tag_not_found":
        return at(
            spot.node, f"nobody knows what kind of {what} this is. Add `kind: {known[0] if known else 'manual'}`."
        )
    given = str(error["ctx"]["tag"])
    meant = nearest(given, known)
    advice = f"Did you mean {meant}?" if meant else f"Write one of: {', '.join(known)}."
    return at(value(spot.node, "kind") or spot.node, f"{shown(given)} is not a kind of {what}. {advice}")


def _missing(spot: Spot) -> Finding | None:
    """Nothing when an unknown key of the block is probably this one: that is said already."""
    known = list(spot.owner.model_fields)
    written = [name.value for name, _ in pairs(spot.node)]
    if spot.key in [nearest(name, known) for name in written if name not in known]:
        return None
    return at(spot.node, f"{_CALLED[spot.owner]} needs {spot.key}. Add {_example(spot)}.")


def _unknown_key(spot: Spot) -> Finding:
    name = next((name for name, _ in pairs(spot.block) if name.value == spot.key), spot.block)
    known = list(spot.owner.model_fields)
    meant = nearest(spot.key, known)
    advice = f"Did you mean {meant}?" if meant else f"Take it out, or write one of: {', '.join(known)}."
    return at(name, f"{shown(spot.key)} is not a key of {_CALLED[spot.owner]}. {advice}")


def _example(spot: Spot) -> str:
    """How one would write the key, in quotes for a sentence."""
    if spot.field and spot.field.examples:
        return f"`{spot.key}: {spot.field.examples[0]}`"
    default = spot.field.default if spot.field else None
    simple = isinstance(default, str | int | float) and not isinstance(default, bool)
    return f"`{spot.key}: {default}`" if simple else f"`{spot.key}:` and what it takes"


def _wrong(spot: Spot, error: ErrorDetails) -> str:
    """What is said of something that is not what it should be."""
    node = spot.node
    if is_nothing(node):
        return f"{spot.key} has no value here. Write {_example(spot)}, or take the key out."
    if not isinstance(node, yaml.ScalarNode):
        what = "a list" if isinstance(node, yaml.SequenceNode) else "a block of keys"
        if error["type"] in _SIZES:
            return _SIZES[error["type"]](spot.key, error)
        return f"{what} stands where {spot.key} takes {_taken(error)}. Write {_example(spot)}."
    words = next((say for kind, say in _SAID.items() if error["type"].startswith(kind)), _other)
    said = words(error)
    return f"{shown(node.value)} is not {said}" if said.endswith((".", "?")) else _with_example(spot, node, said, error)


def _with_example(spot: Spot, node: yaml.ScalarNode, said: str, error: ErrorDetails) -> str:
    if choices := re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", ""))):
        meant = nearest(node.value, choices)
        advice = f"Did you mean {meant}?" if meant else f"Write one of: {', '.join(choices)}."
        return f"{shown(node.value)} is nothing that {spot.key} takes. {advice}"
    return f"{shown(node.value)} is not {said}. Write {_example(spot)}."


def _taken(error: ErrorDetails) -> str:
    kinds = {
        "string": "one word or line",
        "int": "a number",
        "float": "a number",
        "bool": "true or false",
        "date": "a date",
    }
    found = next((what for kind, what in kinds.items() if error["type"].startswith(kind)), None)
    return found or ("a list" if error["type"].startswith("tuple") else "a block of keys")


def _pattern(error: ErrorDetails) -> str:
    """What must stand there, from the pattern it did not fit, with what to write."""
    return _PATTERNS.get(str(error.get("ctx", {}).get("pattern", "")), "a short name. Write 1 to 60 characters.")


def _limit(error: ErrorDetails) -> str:
    """Which number it may be at most or at least."""
    context = error.get("ctx", {})
    words = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}
    return next((f"{said} {context[key]}" for key, said in words.items() if key in context), "a number that fits")


def _longest(error: ErrorDetails) -> str:
    return f"at most {error['ctx']['max_length']} characters long. Write a shorter one."


def _other(error: ErrorDetails) -> str:
    return "what stands here"


_PATTERNS = {
    part.ID: "an id. Write at most 40 small letters, digits and -, the first a letter.",
    part.HEADER: "the name of a header. Write one such as `Idempotency-Key`.",
    part.INPUT: "a name. Write at most 40 small letters, digits and _.",
    part.VERSION: "a version. Write three numbers, such as 1.0.0.",
}
_SAID: Mapping[str, Callable[[ErrorDetails], str]] = {
    "string_pattern": _pattern,
    "string_too_long": _longest,
    "int": lambda error: "a whole number",
    "float": lambda error: "a number",
    "finite": lambda error: "a number",
    "bool": lambda error: "true or false. Write one of these.",
    "date": lambda error: "a date",
    "greater": _limit,
    "less": _limit,
    "tuple": lambda error: "a list",
    "model": lambda error: "a block of keys",
    "mapping": lambda error: "a block of keys",
}
_SIZES: Mapping[str, Callable[[str, ErrorDetails], str]] = {
    "too_long": lambda key, error: f"{key} has more than {error['ctx']['max_length']} entries. Take some out.",
    "too_short": lambda key, error: f"{key} needs at least {error['ctx']['min_length']}. Add some.",
}
