"""A policy as a page of Markdown, for people to read, raw or rendered: who hears what and when, and all else it says. Pure."""

from datetime import timedelta

from bot.action_table import action_items
from bot.core.hint_rules import Hint, HintRule
from bot.core.incident import Phase
from bot.core.needs import ALWAYS, Need
from bot.core.policy import Policy
from bot.core.policy_parts import ON_PHASE_CHANGE, Act, Audience, Cadence, Loss, PhasePace, Who
from bot.promise_table import promises
from bot.tables import span, table

_ORIGIN = "<!-- Printed by `lockstep policy`. Change the policy file, not this page, and print it again. -->"
_NOT_HEARD = "—"
_ASKED = "yes"


def page(policy: Policy) -> str:
    """The whole page. Its first line says in a comment where it comes from; it ends with a line break."""
    parts = (
        *(_severities, _assessments, _audiences, promises, _voices, _others),
        *(_gates, _paces, _roles, _permissions, _boundaries, _tests, _hints),
        *(action_items, _calls, _settings),
    )
    return "\n\n".join([_ORIGIN, "# How incidents are run here", *(part(policy) for part in parts)]) + "\n"


def _severities(policy: Policy) -> str:
    rows = [
        (one.name, one.means, ", ".join(one.invite) or "nobody", f"{one.hold_minutes} min") for one in policy.severities
    ]
    return (
        f"## Severities\n\n{table(('severity', 'means', 'brought into the room', 'hold'), rows)}\n\n"
        "*Hold*: so long no new harm must be seen before an incident counts as contained.\n\n"
        f"Until somebody sets a severity, an incident counts as {policy.unset_counts_as}."
    )


def _assessments(policy: Policy) -> str:
    """Which answers to the two questions give which severity."""
    rows = [(who.value, *(policy.assess(who, loss) for loss in Loss)) for who in Who]
    once = policy.lower_once_in_minutes
    slowly = f" one level at a time, and once in {_minutes(once)}" if once else ""
    return (
        f"### Who is affected, and what can they not do?\n\n{table(('who', *Loss), rows)}\n\n"
        f"A severity is raised at once. It is lowered with a reason,{slowly or ' at any time'}, and not before TRIAGE."
    )


def _paces(policy: Policy) -> str:
    """When whoever leads is asked what a phase waits for."""
    if not policy.paces:
        return "## When a phase takes long\n\nNobody is asked."
    rows = [(one.phase.value, ", ".join(one.at) or "any", *_pace(one)) for one in policy.paces]
    return (
        f"## When a phase takes long\n\n{table(('phase', 'severity', 'asked after', 'then'), rows)}\n\n"
        "The incident commander is asked, or whoever declared it; the first line that fits counts. A question can be put off for "
        f"{_minutes(policy.snooze_minutes)}.\nNothing moves on by itself."
    )


def _pace(one: PhasePace) -> tuple[str, str]:
    again = one.then_every_minutes
    return _minutes(one.after_minutes), f"every {_minutes(again)}" if again else "not again"


def _audiences(policy: Policy) -> str:
    if not policy.audiences:
        return "## Who hears what, and when\n\nNobody is kept informed: the policy names no audience."
    names = [one.name for one in policy.severities]
    rows = [
        (_named(one), one.where, *(_updates(policy, one, name) for name in names), _sender(one))
        for one in policy.audiences
    ]
    return (
        f"## Who hears what, and when\n\n{table(('audience', 'channel or people', *names, 'sent by'), rows)}\n\n"
        "*First* counts from the declaration, and is the latest time: once somebody sets the severity the update goes out at\n"
        "once. *Then* counts from one update to the next, until service is restored. Every audience of an incident is also told\n"
        "when its phase changes and when it is over; *on phase change* means at no other time. What a person sends, Lockstep\n"
        "drafts in the incident's room at these times."
    )


def _named(audience: Audience) -> str:
    """Its name, and the phases in which it begins to hear if not in all."""
    phases = ", ".join(phase.value for phase in audience.phases)
    return f"{audience.name} (in {phases})" if phases else audience.name


def _others(policy: Policy) -> str:
    """Who hears besides audiences: subscribers, and channels once a week; and of what nobody else does."""
    style = policy.subscribers_style
    weekly = [
        (f"{one.channel} reads a weekly summary", f"{one.day.value} at {one.hour}:00, {one.zone}")
        for one in policy.weekly
    ]
    monthly = [
        (
            f"{one.channel} reads how action items of {one.team or 'all'} stand",
            f"on day {one.day} at {one.hour}:00, {one.zone}",
        )
        for one in policy.monthly
    ]
    private = [one.name for one in policy.audiences if one.hear_private]
    rows = [
        (
            "subscribers read",
            f"style {style}, language {policy.subscribers_language}" if style else "plain English sentences",
        ),
        ("an incident can be private", "yes" if policy.may_be_private else "no"),
        ("told of private ones", ", ".join(private) or "only those in the room"),
        *weekly,
        *monthly,
    ]
    return f"### Others who hear\n\n{table(('what', 'how'), rows)}"


def _voices(policy: Policy) -> str:
    """In whose words each audience reads."""
    rows = [
        (one.name, one.style or "plain", one.language if one.style else "en", str(one.max_words or "any"))
        for one in policy.audiences
    ]
    return (
        f"## In which words they hear\n\n{table(('audience', 'style', 'language', 'words at most'), rows)}\n\n"
        "The sentences stand in files of their own; `lockstep updates` prints all of them."
    )


def _gates(policy: Policy) -> str:
    """Phase by phase what must be known before it is left, and at which severities."""
    names = [one.name for one in policy.severities]
    rows = [
        (phase.value, need.value, *(_asked(policy, phase, need, name) for name in names))
        for phase in Phase
        for need in _needs(policy, phase)
    ]
    return (
        f"## What must be known before a phase is left\n\n{table(('phase', 'asks for', *names), rows)}\n\n"
        "*Unless waived*: the incident goes on without it when whoever may says why; the record keeps the reason. After a relapse\n"
        "RECOVERY asks for what CONTAINMENT does as well."
    )


def _needs(policy: Policy, phase: Phase) -> list[Need]:
    chosen = (guard.need for guard in policy.gates if guard.phase is phase)
    return list(dict.fromkeys([*ALWAYS.get(phase, ()), *chosen]))


def _asked(policy: Policy, phase: Phase, need: Need, severity: str) -> str:
    if need in ALWAYS.get(phase, ()):
        return _ASKED
    for guard in policy.gates:
        if (guard.need, guard.phase) == (need, phase) and (not guard.at or severity in guard.at):
            return f"{_ASKED}, unless waived" if guard.can_be_waived else _ASKED
    return _NOT_HEARD


def _permissions(policy: Policy) -> str:
    rows = [(act.value, ", ".join(policy.may_do(act))) for act in Act]
    return (
        f"## Who may do what\n\n{table(('act', 'who'), rows)}\n\n"
        "When nobody holds any of the roles named, anybody may. Whatever is not named here is open to everybody: above all repair."
    )


def _roles(policy: Policy) -> str:
    rows = [(one.name, ", ".join(one.short), one.does) for one in policy.roles]
    return f"## Roles\n\n{table(('role', 'typed as', 'does'), rows)}\n\n{table(('what', 'how'), _rules(policy))}"


def _rules(policy: Policy) -> list[tuple[str, str]]:
    """What holds for whoever has a role, a line each."""
    rest, again = policy.rest_after_minutes, _minutes(policy.ask_for_rest_again_after_minutes)
    insists = f"after {_minutes(policy.insist_on_rest_after_minutes)}, then every {again}"
    many = f"{policy.reports_before_warning} is said, at {policy.reports_before_refusing} an operations lead is needed"
    refused = f"refused from {policy.responders_before_refusing} people in the room on"
    return [
        ("passes only when accepted", ", ".join(policy.hand_over_is_accepted) or "no role"),
        ("an offer stands for", _minutes(policy.offer_expires_after_minutes)),
        ("a commander who is silent is replaced", f"after {_minutes(policy.claim_passes_after_minutes)}"),
        (f"leading and another duty at {', '.join(policy.strict_at) or 'no severity'}", refused),
        ("who reports to one person", f"at {many}"),
        ("a hand-over is proposed", "never" if rest == "never" else f"after {_minutes(rest)} in a role"),
        *([] if rest == "never" else [("a hand-over is urged", insists)]),
        ("a decision stands without an objection", f"after {policy.object_within_seconds} seconds"),
    ]


def _minutes(minutes: int) -> str:
    return span(timedelta(minutes=minutes))


def _boundaries(policy: Policy) -> str:
    rows = [
        (one.name, one.id, ", ".join(one.depends_on) or _NOT_HEARD, one.team or _NOT_HEARD) for one in policy.boundaries
    ]
    return f"## System map\n\n{table(('part', 'kept in the record as', 'depends on', 'team'), rows)}"


def _tests(policy: Policy) -> str:
    """How long and how many at once hypotheses are tested."""
    look, usual, long = map(_minutes, policy.test_minutes)
    rows = [
        ("a test that is a look", f"asked about after {look}"),
        ("a test that takes ten minutes", f"asked about after {usual}"),
        ("a test that takes longer, or changes production", f"asked about after {long}"),
        ("more time, once", _minutes(policy.prolong_test_by_minutes)),
        ("tests at once", f"{policy.tests_at_once}, one a person, and one that changes production"),
    ]
    return f"## How hypotheses are tested\n\n{table(('what', 'how'), rows)}"


def _hints(policy: Policy) -> str:
    """What is said about it, and when."""
    if not policy.hints:
        return "### What is said about it\n\nNothing is said."
    rows = [
        (one.hint.value, _minutes(one.after_minutes) if one.after_minutes else "at once", _from(one))
        for one in policy.hints
    ]
    return (
        f"### What is said about it\n\n{table(('hint', 'after', 'from'), rows)}\n\n"
        f"Each is said once, and can be put off for {_minutes(policy.snooze_minutes)}. Nobody is asked twice within 5 min, and "
        "no incident asks\nmore than 3 times in 10 min; what stands further up goes first."
    )


def _calls(policy: Policy) -> str:
    """Which systems playbooks may call."""
    if not policy.may_call:
        return "## Which systems playbooks may call\n\nNone."
    rows = [
        (
            one.host,
            str(one.port or "that of https"),
            "inside" if one.internal else "outside",
            ", ".join(one.secrets) or _NOT_HEARD,
        )
        for one in policy.may_call
    ]
    return (
        f"## Which systems playbooks may call\n\n{table(('host', 'port', 'where', 'secrets it may get'), rows)}\n\n"
        "A host outside is called over https only, and never when its name leads into a private network."
    )


def _from(rule: HintRule) -> str:
    """From how many on, or how else it is told from what is usual."""
    if rule.hint is Hint.TWO_CHANGES:
        return f"within {_minutes(rule.within_minutes)}"
    if rule.contained_after_minutes:
        return f"once contained, after {_minutes(rule.contained_after_minutes)}"
    many = [str(rule.number)] if rule.number > 1 else []
    share = [f"{rule.percent} %"] if rule.percent < 100 else []
    return ", ".join([*many, *share]) or _NOT_HEARD


def _settings(policy: Policy) -> str:
    days = policy.archive_room_after_days
    when = (
        "never" if days == "never" else "at once" if days == 0 else "after 1 day" if days == 1 else f"after {days} days"
    )
    rows = [
        ("incidents are announced in", policy.announce_in),
        (
            "the room is asked for an incident commander",
            f"after {span(timedelta(minutes=policy.ask_for_commander_after_minutes))} without one",
        ),
        ("the room is archived once the incident is over", when),
        ("a full postmortem is written at", ", ".join(policy.full_postmortem_at) or "no severity"),
        (
            "wordings that blame somebody",
            "keep a postmortem from being published until changed or kept for a reason"
            if policy.findings_keep_from_publishing
            else "are shown, and keep nothing from being published",
        ),
        ("what was typed can be redacted by", ", ".join(policy.may_redact)),
    ]
    return f"## Rooms and other settings\n\n{table(('what', 'how'), rows)}"


def _updates(policy: Policy, audience: Audience, severity: str) -> str:
    """When an audience hears of an incident of this severity."""
    if severity not in audience.hears:
        return _NOT_HEARD
    cadence = policy.cadence(audience.name, severity)
    if cadence == Cadence(first=None, every=None):
        return ON_PHASE_CHANGE
    first = f"first {span(cadence.first)}" if cadence.first else f"first {ON_PHASE_CHANGE}"
    return f"{first}, then {f'every {span(cadence.every)}' if cadence.every else ON_PHASE_CHANGE}"


def _sender(audience: Audience) -> str:
    return "a person" if audience.is_drafted else "Lockstep"
