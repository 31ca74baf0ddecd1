"""What hints are about: each function says what it sees in an incident that people under stress overlook, since when, and who
should hear of it. Rules H1 to H15 of the debugging loop, and of its stop rules those that nothing else asks about (time boxes do,
and the go for a test that changes production); from when on each is said, and whether at all, is for the policy.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import pairwise

from pydantic import AwareDatetime

from bot.core.duties import OPERATIONS
from bot.core.hint_rules import Hint, HintRule
from bot.core.incident import Hypothesis, Incident, Phase, Status
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.tracker.board import leading
from bot.core.tracker.boundaries import beside, named, where
from bot.core.tracker.similar import alike, meaning, tested_alike
from bot.core.trial import BoundaryState
from bot.core.value import Value

NOTHING_CHANGED = frozenset(
    meaning(text) for text in ("nothing found", "nothing", "none", "unknown", "nobody knows", "no changes")
)
"""Answers to what changed lately that name no change."""


class Seen(Value):
    """Something that a hint is about, by a name that tells it from others of its kind; since when it is so, and to whom it is said
    (nobody named: the room). `hypothesis` is the one it is about, `other` another."""

    hint: Hint
    about: str
    since: AwareDatetime
    to: tuple[str, ...] = ()
    hypothesis: int | None = None
    other: int | None = None
    boundaries: tuple[str, ...] = ()
    user: str | None = None

    @property
    def key(self) -> str:
        """By what it is known that it was said."""
        return f"{self.hint}:{self.about}"


Condition = Callable[[Incident, Policy, HintRule], Iterator[Seen]]


def leader(incident: Incident) -> str:
    """Whoever leads, or else whoever declared it."""
    return incident.commander.user if incident.commander else incident.declared_by


def operations(incident: Incident) -> str:
    """Whoever runs the work on systems, or else whoever leads."""
    seat = incident.seats.get(OPERATIONS)
    return seat.user if seat else leader(incident)


def _having(incident: Incident, *statuses: Status) -> list[Hypothesis]:
    return [one for one in incident.hypotheses if one.status in statuses]


def not_contained(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H12: CONTAINMENT goes on and nothing was tried. Where whoever leads is asked what the phase waits for, which says nearly the
    same, it is counted from then on."""
    if incident.phase is not Phase.CONTAINMENT or incident.containments:
        return
    pace = policy.pace_of(incident.phase, incident.severity)
    asks = incident.phase_since + timedelta(minutes=pace.after_minutes) if pace else incident.phase_since
    since = max(asks, incident.asked_at) if pace and incident.asked_at else asks
    said = [one.at for one in incident.hints if one.key.startswith(Hint.LEADS_NOWHERE)]
    yield Seen(hint=rule.hint, about="", since=max([since, *said]), to=(leader(incident),))


def leads_nowhere(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """A stop rule: so many tests have brought nobody nearer, or people have tested for so long, and nothing was tried against the
    harm, which can be done without knowing the cause. Not once that was said in the words of H12."""
    begun = incident.tested_since
    if begun is None or incident.contained_at or incident.containments or _having(incident, Status.CONFIRMED):
        return
    if any(one.key.startswith(Hint.NOT_CONTAINED) for one in incident.hints):
        return
    running = len(_having(incident, Status.TESTING))
    ended = sum(len(one.tested) for one in incident.hypotheses) - running
    if incident.test_ended_at and ended >= rule.number:
        begun = min(begun, incident.test_ended_at - timedelta(minutes=rule.after_minutes))
    yield Seen(hint=rule.hint, about="", since=begun, to=(leader(incident),))


def all_closed(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """A stop rule: every hypothesis has turned out to be wrong, and the harm goes on."""
    ideas = incident.hypotheses
    if incident.contained_at or not ideas or incident.open_hypotheses or _having(incident, Status.CONFIRMED):
        return
    since = max(one.since for one in ideas)
    yield Seen(hint=rule.hint, about=str(len(ideas)), since=since, to=(leader(incident),))


def enough_known(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """A stop rule: the cause is confirmed and service is back, and people still look for it."""
    confirmed = _having(incident, Status.CONFIRMED)
    if not confirmed or incident.recovered_at is None or not incident.open_hypotheses:
        return
    since = max(incident.recovered_at, min(one.since for one in confirmed))
    yield Seen(hint=rule.hint, about="", since=since, to=(leader(incident),), hypothesis=confirmed[0].number)


def nothing_tested(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H2: nobody tests anything; once the harm is contained that matters only while there are ideas."""
    if incident.phase is Phase.DETECTION or _having(incident, Status.TESTING):
        return
    if incident.contained_at and not incident.open_hypotheses:
        return
    begun = incident.phase_since if incident.phase is Phase.TRIAGE else incident.declared_at
    tests = sum(len(one.tested) for one in incident.hypotheses)
    since = incident.test_ended_at or begun
    yield Seen(hint=rule.hint, about=str(tests), since=since, to=(operations(incident),))


def two_changes(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H11: production was changed twice in a short time, against the harm or by a test."""
    tests = (one for one in _having(incident, Status.TESTING) if one.plan and one.plan.changes_production)
    times = sorted([*(done.at for done in incident.containments), *(one.since for one in tests)])
    for number, (first, second) in enumerate(pairwise(times)):
        if second - first < timedelta(minutes=rule.within_minutes):
            to = tuple(dict.fromkeys((operations(incident), leader(incident))))
            yield Seen(hint=rule.hint, about=str(number), since=second, to=to)


def unanswered(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H8: evidence speaks against what is being tested, and whoever tests has not answered it."""
    for one in _having(incident, Status.TESTING):
        for reply in one.contradictions:
            since = max(mark.at for mark in reply.marks if mark.is_on)
            to = (one.assignee or leader(incident),)
            yield Seen(hint=rule.hint, about=f"{one.number} {reply.ref}", since=since, to=to, hypothesis=one.number)


def place_refuted(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H1: one place was suspected and cleared several times."""
    for boundary in policy.boundaries:
        refuted = sorted(one.since for one in _having(incident, Status.REFUTED) if one.boundary == boundary.id)
        if len(refuted) >= rule.number and boundary.id not in incident.working:
            since = refuted[rule.number - 1]
            to = (leader(incident),)
            yield Seen(hint=rule.hint, about=boundary.id, since=since, to=to, boundaries=(boundary.id,))


def nobody_tests(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H3: all is known that a test needs, but who does it."""
    for one in _having(incident, Status.PROPOSED):
        if one.prediction and one.plan and one.assignee is None:
            since = max(one.since, one.plan.at)
            yield Seen(
                hint=rule.hint, about=str(one.number), since=since, to=(leader(incident),), hypothesis=one.number
            )


def looks_like_another(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H4: an earlier one that is open says nearly the same, or is about the same part and is tested in nearly the same way."""
    still_open = [one for one in incident.hypotheses if one.status.is_open]
    yield from _repeats(incident, rule, still_open, lambda one, other: max(alike(one, other), tested_alike(one, other)))


def refuted_before(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H15: an earlier one that says nearly the same was refuted."""
    yield from _repeats(incident, rule, _having(incident, Status.REFUTED), alike)


def _repeats(
    incident: Incident, rule: HintRule, earlier: list[Hypothesis], likeness: Callable[[Hypothesis, Hypothesis], int]
) -> Iterator[Seen]:
    for one in _having(incident, Status.PROPOSED, Status.READY):
        before = (other for other in earlier if other.number < one.number and other.number != one.revises)
        nearest = max(before, key=partial(likeness, one), default=None)
        if nearest and likeness(one, nearest) >= rule.percent:
            yield Seen(
                hint=rule.hint,
                about=f"{one.number} {nearest.number}",
                since=one.since,
                to=(one.proposed_by,),
                hypothesis=one.number,
                other=nearest.number,
            )


def one_person(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H5: one person is to test several."""
    owned = [one for one in incident.hypotheses if one.status.is_open and one.assignee]
    for user, number in Counter(one.assignee for one in owned).items():
        if number >= rule.number:
            since = max(one.since for one in owned if one.assignee == user)
            yield Seen(hint=rule.hint, about=str(user), since=since, to=(leader(incident),), user=user)


def one_sided(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H6: nearly all ideas are about one place, or all are one person's though others are there. A place that the map does not have
    is named by the first hypothesis about it, since somebody typed it."""
    ideas = [one for one in incident.hypotheses if one.status is not Status.DUPLICATE]
    if len(ideas) < rule.number:
        return
    since = max(one.since for one in ideas)
    for place, often in Counter(map(where, ideas)).most_common(1):
        if place and 100 * often > rule.percent * len(ideas):
            first = next(one for one in ideas if where(one) == place)
            if first.boundary:
                yield Seen(hint=rule.hint, about=place, since=since, boundaries=(place,))
            else:
                yield Seen(hint=rule.hint, about=first.name, since=since, hypothesis=first.number)
            return
    authors = {one.proposed_by for one in ideas}
    others = {seat.user for seat in incident.seats.values()} | {incident.declared_by}
    if len(authors) == 1 and others - authors:
        (author,) = authors
        yield Seen(hint=rule.hint, about=author, since=since, user=author)


def change_ignored(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H7: something changed lately, and no idea is about it."""
    answer, since = incident.answers.get(Need.CHANGES), incident.changes_known_at
    if not answer or since is None or meaning(answer) in NOTHING_CHANGED:
        return
    places = named(answer, policy)
    if any(one.boundary in places or meaning(one.statement) & meaning(answer) for one in incident.hypotheses):
        return
    yield Seen(hint=rule.hint, about="", since=since, to=(operations(incident),))


def too_many(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H9: more are ready than anybody can test."""
    ready = sorted(one.since for one in _having(incident, Status.READY))
    if len(ready) >= rule.number:
        yield Seen(hint=rule.hint, about="", since=ready[rule.number - 1], to=(leader(incident),))


def no_prediction(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H10: nobody has said what would be seen if it were wrong."""
    for one in _having(incident, Status.PROPOSED):
        if one.prediction is None:
            yield Seen(
                hint=rule.hint, about=str(one.number), since=one.since, to=(one.proposed_by,), hypothesis=one.number
            )


def nothing_new(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H13: the one that comes first has been as it is for long."""
    one = leading(incident, policy)
    if one is None:
        return
    marks = (mark.at for reply in one.replies for mark in reply.marks)
    since = max([one.since, *marks, *([one.plan.at] if one.plan else [])])
    about = f"{one.number} {len(one.replies)}"
    yield Seen(hint=rule.hint, about=about, since=since, to=(leader(incident),), hypothesis=one.number)


def place_unknown(incident: Incident, policy: Policy, rule: HintRule) -> Iterator[Seen]:
    """H14: nobody has looked at what stands beside an affected part."""
    parts = tuple(one.id for one in beside(incident, policy))
    affected = [check.at for check in incident.checks.values() if check.state is BoundaryState.AFFECTED]
    if parts and affected:
        about, to = " ".join(parts), (operations(incident),)
        yield Seen(hint=rule.hint, about=about, since=max(affected), to=to, boundaries=parts)


CONDITIONS: dict[Hint, Condition] = {
    Hint.NOT_CONTAINED: not_contained,
    Hint.NOTHING_TESTED: nothing_tested,
    Hint.TWO_CHANGES: two_changes,
    Hint.UNANSWERED: unanswered,
    Hint.LEADS_NOWHERE: leads_nowhere,
    Hint.ALL_CLOSED: all_closed,
    Hint.ENOUGH_KNOWN: enough_known,
    Hint.PLACE_REFUTED: place_refuted,
    Hint.NOBODY_TESTS: nobody_tests,
    Hint.ALIKE: looks_like_another,
    Hint.ONE_PERSON: one_person,
    Hint.ONE_SIDED: one_sided,
    Hint.CHANGE_IGNORED: change_ignored,
    Hint.TOO_MANY: too_many,
    Hint.NO_PREDICTION: no_prediction,
    Hint.NOTHING_NEW: nothing_new,
    Hint.PLACE_UNKNOWN: place_unknown,
    Hint.REFUTED_BEFORE: refuted_before,
}
"""Every hint, and when what it is about is so."""
