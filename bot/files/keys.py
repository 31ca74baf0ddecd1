"""What each key of a policy takes: how it is said in a sentence, what to write instead of something else, and an example."""

import re
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Literal, NamedTuple

from bot.core.hint_rules import Hint, HintRule
from bot.core.hosts import HOST, Host
from bot.core.incident import Phase
from bot.core.months import LAST_DAY, Monthly
from bot.core.needs import ALWAYS, Need
from bot.core.policy import Policy
from bot.core.policy_parts import (
    Act,
    Assessment,
    Audience,
    Boundary,
    Guard,
    IssueTracker,
    Permission,
    PhasePace,
    RoleSpec,
    Severity,
    Who,
)
from bot.core.rungs import Rung, Slower, Step
from bot.core.value import Value
from bot.core.weeks import Weekday, Weekly
from bot.files.finding import nearest


class Form(NamedTuple):
    """What a word must be, and what to write instead of a word that is not. `known` are the words there are, if they are few."""

    what: str
    advice: Callable[[str], str]
    known: tuple[str, ...] = ()


class Takes(NamedTuple):
    """What a key takes: one word of this form, a list of them, or one for each severity; and how one would write it."""

    form: Form
    example: str
    many: Literal["one", "a list", "one for each severity"] = "one"


def _channel(given: str) -> str:
    name = re.sub(r"[^\w-]+", "-", given.casefold()).strip("-")[:80]
    return f'Write its name in quotes, such as `"#{name or "incidents"}"`, or its id, such as `C0123ABCD`.'


def _person(given: str) -> str:
    name = re.sub(r"[^\w.-]+", "-", given).strip("-")[:80]
    return f'Write a handle in quotes, such as `"@{name or "incident-leads"}"`, or an id, such as `U0123ABCD`.'


def _id(given: str) -> str:
    name = re.sub(r"[^a-z0-9_]+", "-", given.casefold()).strip("-")[:40]
    return f"Write at most 40 small letters, digits, - and _, such as `{name or 'mobile-app'}`."


def _host(given: str) -> str:
    found = re.fullmatch(r"(\w+://)?([^/:@\s]+)(:\d+)?(/.*)?", given.strip().casefold())
    name = found[2].rstrip(".") if found else ""
    return f"Write it in small letters and alone, such as `{name if re.match(HOST, name) else 'deploys.example.com'}`."


def _secret(given: str) -> str:
    name = re.sub(r"[^A-Z0-9_]+", "_", given.upper()).strip("_0123456789")[:60]
    return f"Write capital letters, digits and _, such as `{name or 'DEPLOY_TOKEN'}`, and not the secret itself."


def _minutes(otherwise: str) -> Callable[[str], str]:
    """Advice with the number, if one was given with its unit."""

    def advice(given: str) -> str:
        meant = re.fullmatch(r"([1-9]\d{0,3}) ?(m|min|mins|minutes?|h|hours?)", given.casefold())
        number = int(meant[1]) * (60 if meant[2].startswith("h") else 1) if meant else 0
        return f"Write {number}." if 0 < number <= _WEEK else otherwise

    return advice


def _writes(words: str) -> Callable[[str], str]:
    return lambda given: words


def _one_of(what: str, known: tuple[str, ...]) -> Form:
    """A word of a list."""

    def advice(given: str) -> str:
        meant = nearest(given, known)
        return f"Did you mean {meant}?" if meant else f"Write one of: {', '.join(known)}."

    return Form(what, advice, known)


def _blocks(example: str) -> Takes:
    return Takes(Form("a block of keys", _writes(f"Write `- {example}`.")), f"[{example}]", "a list")


_WEEK = 7 * 24 * 60
_SHORTER = _writes("Write a shorter one.")
_CHANNEL = Form("a channel", _channel)
_PERSON = Form("a handle, an id or an address", _person)
_ID = Form("an id", _id)
_MINUTES = Form(f"a whole number from 1 to {_WEEK}", _minutes("Write a number of minutes."))
_EVERY = Form(_MINUTES.what, _minutes("Write a number of minutes, or `on phase change`."))
_FEW = Form("a whole number from 1 to 100", _writes("Write a number of people."))
_REST = Form(_MINUTES.what, _minutes("Write a number of minutes, or `never`."))
_SECONDS = Form("a whole number from 1 to 3600", _writes("Write a number of seconds."))
_DAYS = Form("a whole number from 0 to 366", _writes("Write a number of days, or `never`."))
_HOUR = Form("a whole number from 0 to 23", _writes("Write an hour of the day, such as `9`."))
_SOME_DAYS = Form("a whole number from 0 to 366", _writes("Write a number of days, 0 for the day itself."))
_PAUSE = Form("a whole number from 1 to 366", _writes("Write a number of days."))
_WEEKS = Form("a whole number from 1 to 104", _writes("Write a number of weeks."))
_API = Form(
    "an address of an API", _writes("Write where its API answers, such as `https://api.github.com`, without ? and #.")
)
_PROJECT = Form("the name of a project", _writes("Write it as its address has it, such as `shop/checkout` or `SHOP`."))
_TOKEN = Form(
    "the name of a variable of the environment", _writes("Write the name, such as `GITHUB_TOKEN`, and never the token.")
)
_NAME = Form("a name of 1 to 60 characters", _SHORTER)
_TEXT = Form("a line of text", _SHORTER)
_LANGUAGE = Form(
    "the code of a language", _writes("Write the name of a file in updates/ without its ending, such as `en`.")
)
_WORDS = Form("a whole number from 20 to 400", _writes("Write a number of words."))
_SENDER = Form("a sender", _writes("Write `lockstep` or `a person`."))
_HOLD = Form(f"a whole number from 0 to {24 * 60}", _minutes("Write a number of minutes, 0 for none."))
_PERCENT = Form("a whole number from 0 to 1000", _writes("Write a share of the interval in percent, such as `20`."))
_SHARE = Form("a whole number from 0 to 100", _writes("Write a share of the interval in percent, such as `10`."))
_TIMES = Form("a whole number from 1 to 10", _writes("Write how many times as long, such as `2`."))
_WAIT = Form(f"a whole number from 0 to {_WEEK}", _minutes("Write a number of minutes, 0 for at once."))
_FULL_PERCENT = Form("a whole number from 1 to 100", _writes("Write a number without %."))
_HINT = _one_of("a hint", tuple(Hint))
_DAY_OF_MONTH = Form(
    f"a whole number from 1 to {LAST_DAY}", _writes(f"Write a day that every month has, 1 to {LAST_DAY}.")
)
_GROUP = Form("a user group", _writes('Write the handle of a user group, such as `"@payments-oncall"`, or its id.'))
_DAY = _one_of("a day of the week", tuple(Weekday))
_HOUR = Form("a whole number from 0 to 23", _writes("Write the hour on the clock, such as `9`."))
_ZONE = Form("a time zone", _writes("Write one of the names that operating systems know, such as `Europe/Berlin`."))
_HOST = Form("the name of a host", _host)
_PORT = Form("a whole number from 1 to 65535", _writes("Write the number of a port."))
_SECRET = Form("the name of a secret", _secret)
_YES = Form("yes or no", _writes("Write `true` or `false`."))
_WEEKDAY = _one_of("a day of the week", ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))
_TRACKER = _one_of("a kind of issue tracker", ("github", "gitlab", "jira"))
_PHASE = _one_of("a phase", tuple(Phase))
_STEP = _one_of("a step", tuple(Step))
_WHO = _one_of("an answer to who is affected", tuple(Who))
_ACT = _one_of("an act", tuple(Act))
_NEED = _one_of("something a gate can ask for", tuple(need for need in Need if need not in chain(*ALWAYS.values())))
SEVERITY = Form("a severity", _SHORTER)

KEYS: Mapping[type[Value], Mapping[str, Takes]] = {
    Policy: {
        "announce_in": Takes(_CHANNEL, '"#incidents"'),
        "unset_counts_as": Takes(SEVERITY, "SEV1"),
        "severities": _blocks(
            "{name: SEV1, means: Core service down, first_update_minutes: 10, then_every_minutes: 15}"
        ),
        "boundaries": _blocks("{id: checkout, name: Checkout}"),
        "audiences": _blocks('{name: executives, channel: "#exec-updates", hears: [SEV1]}'),
        "gates": _blocks("{need: severity}"),
        "may": _blocks("{act: advance, who: [incident commander]}"),
        "assessments": _blocks("{who: everyone, severities: [SEV1, SEV1, SEV1, SEV1, SEV1, SEV1]}"),
        "paces": _blocks("{phase: TRIAGE, after_minutes: 15}"),
        "slower_in": _blocks("{phase: RECOVERY, times: 2}"),
        "grace_minutes": Takes(_HOLD, "1"),
        "grace_percent": Takes(_SHARE, "10"),
        "overtaken_after_minutes": Takes(_MINUTES, "1"),
        "tell_new_phase_within_minutes": Takes(_MINUTES, "10"),
        "ladder": _blocks("{step: room, percent: 0}"),
        "remind_together_within_minutes": Takes(_HOLD, "2"),
        "notes_in_a_row": Takes(_TIMES, "2"),
        "snooze_percent": Takes(_SHARE, "50"),
        "escalate_to": Takes(_PERSON, '["@incident-leads"]', "a list"),
        "escalate_at": Takes(SEVERITY, "[SEV1]", "a list"),
        "stretch_not_before_minutes": Takes(_MINUTES, "60"),
        "stretch_after_minutes": Takes(_MINUTES, "120"),
        "stretch_times": Takes(_TIMES, "2"),
        "undelivered_to": Takes(_CHANNEL, '"#incidents"'),
        "snooze_minutes": Takes(_MINUTES, "10"),
        "lower_once_in_minutes": Takes(_HOLD, "10"),
        "roles": _blocks("{name: incident commander, short: [commander, ic], does: leads and decides}"),
        "ask_for_commander_after_minutes": Takes(_MINUTES, "2"),
        "hand_over_is_accepted": Takes(_NAME, "[incident commander]", "a list"),
        "offer_expires_after_minutes": Takes(_MINUTES, "5"),
        "claim_passes_after_minutes": Takes(_MINUTES, "2"),
        "strict_at": Takes(SEVERITY, "[SEV1]", "a list"),
        "responders_before_refusing": Takes(_FEW, "3"),
        "reports_before_warning": Takes(_FEW, "6"),
        "reports_before_refusing": Takes(_FEW, "8"),
        "rest_after_minutes": Takes(_REST, "240"),
        "insist_on_rest_after_minutes": Takes(_MINUTES, "480"),
        "ask_for_rest_again_after_minutes": Takes(_MINUTES, "60"),
        "object_within_seconds": Takes(_SECONDS, "60"),
        "archive_room_after_days": Takes(_DAYS, "never"),
        "full_postmortem_at": Takes(SEVERITY, "[SEV1]", "a list"),
        "findings_keep_from_publishing": Takes(_YES, "true"),
        "subscribers_style": Takes(_ID, "product"),
        "subscribers_language": Takes(_LANGUAGE, "en"),
        "may_be_private": Takes(_YES, "true"),
        "weekly": _blocks('{channel: "#incidents", day: monday, hour: 9, zone: Europe/Berlin}'),
        "monthly": _blocks('{channel: "#payments", team: "@payments-oncall", day: 1, hour: 9, zone: Europe/Berlin}'),
        "may_redact": Takes(_NAME, "[incident commander]", "a list"),
        "test_minutes": Takes(_MINUTES, "[5, 10, 20]", "a list"),
        "prolong_test_by_minutes": Takes(_MINUTES, "5"),
        "tests_at_once": Takes(_FEW, "3"),
        "hints": _blocks("{hint: nothing is tested, after_minutes: 10}"),
        "work_from_hour": Takes(_HOUR, "9"),
        "work_to_hour": Takes(_HOUR, "17"),
        "weekend": Takes(_WEEKDAY, "[Saturday, Sunday]", "a list"),
        "actions_at_most": Takes(_FEW, "7"),
        "remind_of_actions_days_before": Takes(_SOME_DAYS, "[7, 1, 0]", "a list"),
        "call_leader_after_days": Takes(_DAYS, "3"),
        "escalate_actions_after_days": Takes(_DAYS, "7"),
        "escalate_actions_every_days": Takes(_PAUSE, "7"),
        "actions_in": Takes(_CHANNEL, '"#action-items"'),
        "issue_trackers": _blocks(
            '{name: github, kind: github, api: "https://api.github.com", project: shop/checkout, token: GITHUB_TOKEN}'
        ),
        "may_call": _blocks("{host: api.github.com, secrets: [GITHUB_TOKEN]}"),
    },
    Severity: {
        "name": Takes(_NAME, "SEV1"),
        "means": Takes(_TEXT, "Core service down"),
        "first_update_minutes": Takes(_EVERY, "10"),
        "then_every_minutes": Takes(_EVERY, "15"),
        "hold_minutes": Takes(_HOLD, "10"),
        "invite": Takes(_PERSON, '["@incident-leads"]', "a list"),
        "high_actions_within_weeks": Takes(_WEEKS, "4"),
        "actions_within_weeks": Takes(_WEEKS, "12"),
    },
    IssueTracker: {
        "name": Takes(_ID, "github"),
        "kind": Takes(_TRACKER, "github"),
        "api": Takes(_API, '"https://api.github.com"'),
        "project": Takes(_PROJECT, "shop/checkout"),
        "token": Takes(_TOKEN, "GITHUB_TOKEN"),
    },
    Boundary: {
        "id": Takes(_ID, "checkout"),
        "name": Takes(_NAME, "Checkout"),
        "depends_on": Takes(_ID, "[payments]", "a list"),
        "team": Takes(_NAME, "Payments team"),
    },
    Audience: {
        "name": Takes(_ID, "executives"),
        "channel": Takes(_CHANNEL, '"#exec-updates"'),
        "people": Takes(_PERSON, '["@directors"]', "a list"),
        "hear_private": Takes(_YES, "true"),
        "hears": Takes(SEVERITY, "[SEV1]", "a list"),
        "phases": Takes(_PHASE, "[CONTAINMENT, RECOVERY]", "a list"),
        "sent_by": Takes(_SENDER, "lockstep"),
        "first_update_minutes": Takes(_EVERY, "{SEV1: 10}", "one for each severity"),
        "then_every_minutes": Takes(_EVERY, "{SEV1: 15}", "one for each severity"),
        "style": Takes(_ID, "executives"),
        "language": Takes(_LANGUAGE, "en"),
        "max_words": Takes(_WORDS, "70"),
    },
    RoleSpec: {
        "name": Takes(_NAME, "scribe"),
        "short": Takes(_NAME, "[scribe]", "a list"),
        "does": Takes(_TEXT, "notes decisions and what was done"),
    },
    Guard: {
        "need": Takes(_NEED, "severity"),
        "at": Takes(SEVERITY, "[SEV1]", "a list"),
        "leaving": Takes(_PHASE, "TRIAGE"),
        "can_be_waived": Takes(_YES, "true"),
    },
    Assessment: {
        "who": Takes(_WHO, "everyone"),
        "severities": Takes(SEVERITY, "[SEV1, SEV1, SEV1, SEV1, SEV1, SEV1]", "a list"),
    },
    PhasePace: {
        "phase": Takes(_PHASE, "TRIAGE"),
        "after_minutes": Takes(_MINUTES, "15"),
        "then_every_minutes": Takes(_MINUTES, "60"),
        "at": Takes(SEVERITY, "[SEV1]", "a list"),
    },
    Weekly: {
        "channel": Takes(_CHANNEL, '"#incidents"'),
        "day": Takes(_DAY, "monday"),
        "hour": Takes(_HOUR, "9"),
        "zone": Takes(_ZONE, "Europe/Berlin"),
    },
    Monthly: {
        "channel": Takes(_CHANNEL, '"#payments"'),
        "day": Takes(_DAY_OF_MONTH, "1"),
        "hour": Takes(_HOUR, "9"),
        "zone": Takes(_ZONE, "Europe/Berlin"),
        "team": Takes(_GROUP, '"@payments-oncall"'),
    },
    Slower: {"phase": Takes(_PHASE, "RECOVERY"), "times": Takes(_TIMES, "2")},
    Rung: {"step": Takes(_STEP, "room"), "percent": Takes(_PERCENT, "20"), "minutes": Takes(_HOLD, "3")},
    HintRule: {
        "hint": Takes(_HINT, "nothing is tested"),
        "after_minutes": Takes(_WAIT, "10"),
        "contained_after_minutes": Takes(_MINUTES, "15"),
        "from_number": Takes(_FEW, "3"),
        "from_percent": Takes(_FULL_PERCENT, "70"),
        "within_minutes": Takes(_MINUTES, "5"),
    },
    Host: {
        "host": Takes(_HOST, "deploys.example.com"),
        "port": Takes(_PORT, "8443"),
        "internal": Takes(_YES, "true"),
        "secrets": Takes(_SECRET, "[DEPLOY_TOKEN]", "a list"),
    },
    Permission: {"act": Takes(_ACT, "advance"), "who": Takes(_NAME, "[incident commander]", "a list")},
}
PARTS: Mapping[str, type[Value]] = {
    "severities": Severity,
    "boundaries": Boundary,
    "audiences": Audience,
    "roles": RoleSpec,
    "gates": Guard,
    "may": Permission,
    "assessments": Assessment,
    "paces": PhasePace,
    "slower_in": Slower,
    "ladder": Rung,
    "hints": HintRule,
    "issue_trackers": IssueTracker,
    "weekly": Weekly,
    "monthly": Monthly,
    "may_call": Host,
}
CALLED: Mapping[type[Value], str] = {
    Policy: "the policy",
    Severity: "a severity",
    Boundary: "a boundary",
    Audience: "an audience",
    RoleSpec: "a role",
    Guard: "a gate",
    Permission: "a permission",
    Assessment: "an assessment",
    PhasePace: "a pace",
    Slower: "a slower phase",
    Rung: "a step",
    HintRule: "a hint",
    IssueTracker: "an issue tracker",
    Weekly: "a weekly summary",
    Monthly: "a monthly digest",
    Host: "a host",
}
