"""The timeline: a night that a newcomer can follow, and pages that lose nothing."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.adoption import AdoptPolicy
from bot.core.containment import RecordContainment
from bot.core.decision import SYSTEM, Command, Event, Origin
from bot.core.due import falls_due, when_due
from bot.core.facts import CorrectFacts, ImpactStated, MarkBoundaries, Retitle, StateImpact, StateStart, VerifyRecovery
from bot.core.incident import COMMANDER, ContainmentResult, Incident, Phase, Side
from bot.core.learning.actions import AddActionItem
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident
from bot.core.notes import AddNote, NoteAdded, PinMessage
from bot.core.offers import AcceptRole
from bot.core.policy_parts import Audience
from bot.core.roles import HandOver, TakeRole
from bot.core.rooms import BindRoom
from bot.core.router.promises import ConfirmUpdate
from bot.core.router.updates import SendUpdate
from bot.core.severity import SetSeverity
from bot.core.tracker.evidence import KeepReply, MarkReply, ReplyKept
from bot.core.tracker.hypotheses import BindThread, ConcludeHypothesis, ParkHypothesis, ProposeHypothesis, StartTest
from bot.core.tracker.predictions import PlanTest, StatePrediction
from bot.core.vocabulary import decide, fold
from bot.sandbox.blocks.render import blocks_text
from bot.sandbox.blocks.words import Reader
from bot.slack.ids import Action, Drawn
from bot.slack.messages.message import Message
from bot.slack.messages.telling import FOLDED
from bot.slack.messages.timeline import timeline
from tests.core.given import ALICE, BOB, POLICY, declared
from tests.slack.given import NOW, buttons, fits, labels, shown

BERLIN = ZoneInfo("Europe/Berlin")
MIDNIGHT = datetime(2026, 11, 24, tzinfo=BERLIN)
ROOM = "https://acme.slack.com/archives/C7"
CAROL, DAN = "UCAROL", "UDAN"
NAMES = {ALICE: "@alice", BOB: "@bob", CAROL: "@carol", DAN: "@dan", "C7": "#inc-7"}
CUSTOMERS = Audience(name="customers", channel="#status-page", hears=("SEV1",), sent_by="a person")
NOTE = (
    "Release 4711 went out at 23:38. The payment log shows the first error at 23:39 and none in the week before. The other "
    "shops, which still have the old form, are fine."
)
UPDATE = (
    "Nobody can pay by card at the moment. PayPal works, and nobody is charged twice. Please do not ask customers to try "
    "again before we write that it works."
)
NIGHT_POLICY = POLICY.but(audiences=(*POLICY.audiences, CUSTOMERS), ladder=())


class Night:
    """An incident that lives through a night: what people do at which time in Berlin, and what falls due in between."""

    def __init__(self) -> None:
        self.incident: Incident | None = None
        self.events: list[Event] = []

    def at(self, clock: str, actor: str, kind: type[Command], **fields: Any) -> None:
        """Somebody does something."""
        hour, minute = map(int, clock.split(":"))
        at = MIDNIGHT + timedelta(days=-(hour > 12), hours=hour, minutes=minute)
        while due := self._due_by(at):
            self._do(when_due(*due, self._origin(SYSTEM, due[1])))
        origin = self._origin(actor, at)
        for name in {"first", "facts"} & set(fields):
            fields[name] = tuple(one(origin=origin, **more) for one, more in fields[name])
        self._do(kind(origin=origin, **fields))

    def propose(self, clock: str, actor: str, number: int, statement: str) -> None:
        """Somebody proposes a hypothesis, and Slack shows it."""
        self.at(clock, actor, ProposeHypothesis, statement=statement)
        self.at(
            clock, SYSTEM, BindThread, hypothesis=number, channel="C7", ts=f"{number}", permalink=f"{ROOM}/p{number}"
        )

    def reply(self, clock: str, author: str, hypothesis: int, ref: str, text: str) -> None:
        """Somebody replies in its thread."""
        where = f"{ROOM}/p{ref}?thread_ts={hypothesis}&cid=C7"
        self.at(clock, author, KeepReply, hypothesis=hypothesis, reply=ref, author=author, text=text, permalink=where)

    def _due_by(self, at: datetime) -> tuple[str, datetime] | None:
        due = falls_due(self.incident, NIGHT_POLICY) if self.incident else {}
        return min(((name, when) for name, when in due.items() if when <= at), key=lambda one: one[1], default=None)

    def _origin(self, actor: str, at: datetime) -> Origin:
        return Origin(team="T1", incident=7, actor=actor, at=at, key="k")

    def _do(self, command: Command) -> None:
        decision = decide(self.incident, command, NIGHT_POLICY, number=7)
        after = fold(self.incident, decision.events)
        self.incident = after.but(unsent=()) if after else None  # Slack accepts every update at once
        self.events += decision.events


def night() -> Night:
    """Card payments fail from 23:39 on; at 01:15 it is closed."""
    n = Night()
    until_midnight(n)
    after_midnight(n)
    return n


def until_midnight(n: Night) -> None:
    """It is found, somebody leads, and two ideas are tested."""
    for_it, against = Side.FOR, Side.AGAINST
    impact = (StateImpact, {"impact": "Some customers cannot pay by card."})
    n.at("23:41", ALICE, DeclareIncident, title="Card payments fail at checkout")
    n.at("23:41", SYSTEM, BindRoom, channel="C7", name="inc-7")
    n.at("23:44", BOB, AdvancePhase, to=Phase.TRIAGE)
    n.at("23:45", ALICE, TakeRole, user=ALICE)
    n.at("23:46", BOB, TakeRole, user=BOB)
    n.at("23:46", BOB, TakeRole, user=BOB)
    n.at("23:46", ALICE, HandOver, role="operations lead", user=BOB)
    n.at("23:47", CAROL, HandOver, role="scribe", user=CAROL)
    n.at("23:49", ALICE, AdvancePhase, to=Phase.TRIAGE, first=[impact])
    n.at("23:50", ALICE, SetSeverity, severity="sev9")
    n.at("23:50", ALICE, SetSeverity, severity="SEV2")
    n.at("23:50", SYSTEM, ConfirmUpdate, audience="support", update=12)
    n.at("23:51", BOB, MarkBoundaries, boundaries=("checkout",))
    n.at("23:52", CAROL, AddNote, text=NOTE)
    n.propose("23:53", BOB, 1, "Release 4711 broke the card form in Checkout")
    n.propose("23:54", DAN, 2, "The payment provider rejects our requests since its certificate changed")
    foreseen = {"hypothesis": 2, "if_true": "A payment by hand is rejected", "if_false": "It goes through"}
    how = {"hypothesis": 2, "how": "Pay by hand"}
    n.at("23:55", DAN, StartTest, hypothesis=2, first=[(StatePrediction, foreseen), (PlanTest, how)])
    n.at("23:56", ALICE, AdvancePhase, to=Phase.CONTAINMENT)
    n.reply("23:57", BOB, 1, "21", "Errors began one minute after the release")
    n.reply("23:57", CAROL, 1, "22", "Every trace goes through the new card form")
    n.reply("23:59", BOB, 1, "23", "PayPal works, and it does not use the form")
    n.at("23:59", ALICE, MarkReply, hypothesis=1, reply="21", side=for_it)
    n.at("23:59", DAN, MarkReply, hypothesis=1, reply="21", side=for_it)
    n.reply("00:01", DAN, 2, "31", "Their status page is green")
    n.at("00:01", DAN, MarkReply, hypothesis=2, reply="31", side=against)


def after_midnight(n: Night) -> None:
    """One idea is wrong, the other right; it is contained, over and closed."""
    for_it, against = Side.FOR, Side.AGAINST
    failed = {"action": "Rolled release 4711 back on one of three clusters", "result": ContainmentResult.FAILED}
    n.at("00:03", BOB, RecordContainment, **failed)
    n.at("00:04", DAN, ConcludeHypothesis, hypothesis=2, result=against, why="A payment by hand went through")
    n.at(
        "00:05",
        BOB,
        ConcludeHypothesis,
        hypothesis=2,
        result=for_it,
        why="Their support says so",
        explains="part of it",
    )
    n.at("00:07", ALICE, SetSeverity, severity="SEV1")
    told = ("executives", "support", "customers")
    n.at("00:09", CAROL, SendUpdate, audiences=told, text=UPDATE)
    facts = [(Retitle, {"title": "No card payments"}), (StateStart, {"started": MIDNIGHT - timedelta(minutes=21)})]
    n.at("00:10", ALICE, CorrectFacts, facts=facts)
    n.at("00:11", ALICE, HandOver, role=COMMANDER, user=DAN)
    n.at("00:12", DAN, AcceptRole, role=COMMANDER)
    n.at("00:14", DAN, AdvancePhase, to=Phase.RECOVERY)
    pinned = {"ts": "41", "author": CAROL, "posted": MIDNIGHT + timedelta(minutes=15), "permalink": f"{ROOM}/p41"}
    n.at("00:16", BOB, PinMessage, text="The form is off everywhere, the error rate falls", **pinned)
    worked = (RecordContainment, {"action": "Turned the new card form off", "result": ContainmentResult.WORKED})
    n.at("00:18", DAN, AdvancePhase, to=Phase.RECOVERY, first=[worked])
    n.at(
        "00:22",
        BOB,
        ConcludeHypothesis,
        hypothesis=1,
        result=for_it,
        why="Form off: no errors. On for one shop: errors at once",
        explains="all of it",
        first=[
            (StatePrediction, {"hypothesis": 1, "if_true": "Form off: no errors", "if_false": "Errors go on"}),
            (PlanTest, {"hypothesis": 1, "how": "Turn the form off"}),
        ],
    )
    n.propose("00:25", DAN, 3, "Search is slow because of the retries")
    n.at("00:26", DAN, ParkHypothesis, hypothesis=3)
    n.at("00:40", ALICE, AdoptPolicy, to=NIGHT_POLICY.but(announce_in="#incidents-eu"))
    verified = (VerifyRecovery, {"how": "Card payments at their usual rate for 40 minutes"})
    n.at("01:05", DAN, AdvancePhase, to=Phase.POSTMORTEM, first=[verified])
    n.at("01:12", DAN, AddActionItem, what="Ship the card form to one shop first", assignee=BOB, due=date(2026, 12, 4))
    n.at("01:15", ALICE, CloseIncident)
    n.at("01:20", CAROL, AddNote, text="Thanks all")


def drawn(n: Night, before: int | None = None, in_full: bool = False) -> Message:
    """A page of the night's timeline."""
    assert n.incident is not None
    return fits(timeline(n.incident, NIGHT_POLICY, n.events, BERLIN, before, in_full))


def read(message: Message) -> str:
    """The message as somebody in Berlin reads it the next morning."""
    return blocks_text(message.blocks, Reader(zone=BERLIN, now=MIDNIGHT.timestamp() + 32_400, name_of=NAMES.get))


def pressed(message: Message, action: Action) -> Drawn | None:
    """What this button of the message carries; None when it has no such button."""
    found = [button["value"] for button in buttons(message.blocks) if button["action_id"] == action]
    return Drawn.read(found[0]) if found else None


def test_a_newcomer_can_follow_the_night() -> None:
    n = night()
    newest = drawn(n)
    earlier = pressed(newest, Action.SHOW_EARLIER)
    assert earlier is not None
    story = read(drawn(n, earlier.before)) + "\n" + read(newest)
    for line in (
        "Monday 23 November, in Detection\n23:41 · @alice declared INC-7: “Card payments fail at checkout”, severity not set",
        "23:41 · Lockstep opened the room #inc-7",
        "23:43 · Lockstep asked the room who can be incident commander, since nobody was",
        "23:44 · @bob tried to move to the next phase. Refused: it was not known yet who is incident commander; who cannot do what",
        "23:46 · @bob tried to take command, 2 times. Refused: @alice was incident commander since 23:45",
        "23:46 · @alice made @bob operations lead",
        "23:47 · @carol became scribe",
        "\n\n23:49 · @alice moved on to Triage\n23:49 · Lockstep told executives, support of the new phase",
        "23:50 · @alice tried to set the severity. Refused: the policy has no severity “sev9”",
        "23:52 · @carol noted: “Release 4711 went out at 23:38. The payment log shows the first error at 23:39 and none in",
        "23:57 · 3 replies in H1 by @bob, @carol, until 23:59",
        "23:59 · @alice, @dan took @bob's reply in H1 as evidence for it: “Errors began one minute after the release”",
        "Tuesday 24 November, in Containment\n00:01 · @dan replied in H2: “Their status page is green”",
        "00:01 · @dan took their own reply in H2 as evidence against it: “Their status page is green”",
        "It did not help",
        "00:05 · @bob tried to say how a hypothesis turned out. Refused: H2 “The payment provider rejects our requests",
        "was refuted at 00:04 by @dan, which is final",
        "00:07 · Lockstep brought the next update to executives, support forward to 00:22",
        "00:09 · @carol told executives, support, customers: “Nobody can pay by card at the moment.",
        "00:10 · @alice said that it began at 23:39",
        "00:11 · @alice offered incident commander to @dan",
        "00:12 · @dan became incident commander, in place of @alice, as offered",
        "00:16 · @bob pinned @carol's message of 00:15: “The form is off everywhere, the error rate falls”",
        "00:18 · Lockstep told executives, support of the new phase, and drafted an update to customers",
        "00:22 · @bob confirmed H1 “Release 4711 broke the card form in Checkout”, shown by “Form off: no errors.",
        "00:33 · Lockstep gave executives, support the update they were promised",
        "01:12 · @dan added an action item: “Ship the card form to one shop first”, for @bob by 4 December 2026",
        "\n\n01:15 · @alice closed the incident\n01:15 · Lockstep told executives, support that it was over",
        "01:20 · @carol tried to add a note. Refused: the incident was over",
    ):
        assert line in story
        story = story[story.index(line) :]


def test_what_divides_the_night_is_bold_and_a_hypothesis_links_to_its_thread() -> None:
    seen = shown(drawn(night()))
    assert re.search(r"\n\n\*<!date\S+ UTC> · <@UDAN> moved on to Recovery\*\n", seen)
    assert re.search(r"proposed <https://acme.slack.com/archives/C7/p3\|H3>", seen)


def test_the_page_in_full_shows_whole_texts_and_every_reply() -> None:
    n = night()
    in_full = pressed(drawn(n), Action.SHOW_IN_FULL)
    assert in_full is not None and in_full.before is None and in_full.in_full
    newest = drawn(n, in_full.before, in_full.in_full)
    assert UPDATE in read(newest) and UPDATE not in read(drawn(n))
    earlier = pressed(newest, Action.SHOW_EARLIER)
    assert earlier is not None and earlier.in_full
    assert "00:01 · @dan replied in H2: “Their status page is green”" in read(newest)
    assert pressed(newest, Action.SHOW_IN_FULL) is None
    same = pressed(drawn(n, earlier.before), Action.SHOW_IN_FULL)
    assert same is not None and same.before == earlier.before


def test_where_nothing_is_folded_there_is_nothing_to_show_in_full() -> None:
    short = ImpactStated(at=NOW, actor=ALICE, impact="x" * FOLDED)
    assert labels(timeline(declared(), POLICY, [short], UTC)) == []
    assert labels(timeline(declared(), POLICY, [short.but(impact="x" * (FOLDED + 1))], UTC)) == ["Show in full"]


def test_a_long_text_in_full_is_cut_nowhere_but_between_words() -> None:
    note = NoteAdded(at=NOW, actor=ALICE, text="a & b <@UBOB> " * 300)
    seen = shown(fits(timeline(declared(), POLICY, [note], UTC, None, True)))
    assert " ".join(seen.split()).count("a &amp; b <@UBOB>") == 300


def test_days_are_those_of_the_reader() -> None:
    note = NoteAdded(at=datetime(2026, 11, 23, 23, 30, tzinfo=UTC), actor=ALICE, text="x")
    assert "*Monday 23 November*, in Detection" in shown(timeline(declared(), POLICY, [note], UTC))
    assert "*Tuesday 24 November*, in Detection" in shown(timeline(declared(), POLICY, [note], BERLIN))


def test_a_reply_that_was_read_late_stands_where_it_was_written() -> None:
    late = happening((0, ("H", 0, 0))).but(at=NOW + timedelta(seconds=90))
    impacts = [ImpactStated(at=NOW + timedelta(minutes=n), actor=ALICE, impact=f"n{n}") for n in range(3)]
    seen = shown(timeline(declared(), POLICY, [*impacts, late], UTC))
    assert seen.index("“n1”") < seen.index("replied") < seen.index("“n2”")


def test_a_clock_that_is_set_back_does_not_change_the_order() -> None:
    back = [ImpactStated(at=NOW - timedelta(minutes=n), actor=ALICE, impact=f"n{n}") for n in range(3)]
    assert re.findall(r"“n(\d)”", shown(timeline(declared(), POLICY, back, UTC))) == ["0", "1", "2"]


def test_updates_at_different_times_are_not_one() -> None:
    n = Night()
    n.at("23:00", ALICE, DeclareIncident, title="Search is slow", severity="SEV2")
    n.at("23:00", ALICE, TakeRole, user=ALICE)
    for minute, audience in enumerate(("executives", "support")):
        n.at(f"23:0{1 + 2 * minute}", ALICE, SendUpdate, text="We look into it", audiences=(audience,))
    assert "23:01 · @alice told executives: “We look into it”\n23:03 · @alice told support: “We look" in read(drawn(n))


def test_a_page_over_many_days_fits() -> None:
    days = [NoteAdded(at=NOW + timedelta(days=n), actor=ALICE, text="x" * 220) for n in range(40)]
    assert shown(fits(timeline(declared(), POLICY, days, UTC, None, True))).count("*, in Detection") > 30


def test_a_long_timeline_shows_the_newest_page_and_the_way_to_earlier_ones() -> None:
    events = [ImpactStated(at=NOW + timedelta(minutes=n), actor=ALICE, impact=f"number {n}") for n in range(100)]
    newest = fits(timeline(declared(), POLICY, events, UTC))
    assert "lines 61 to 100 of 100" in newest.text
    assert "“number 99”" in shown(newest) and "“number 59”" not in shown(newest)
    earlier = pressed(newest, Action.SHOW_EARLIER)
    assert earlier is not None
    assert "lines 21 to 60 of 100" in timeline(declared(), POLICY, events, UTC, earlier.before).text
    first = timeline(declared(), POLICY, events, UTC, 20)
    assert "lines 1 to 20 of 100" in first.text and labels(first) == []


def happening(numbered: tuple[int, tuple[str, int, int]]) -> Event:
    """Something marked with its number: an impact, or a reply that may have been read late."""
    number, (kind, length, late) = numbered
    at, text = NOW + timedelta(minutes=7 * number), f"n{number}n " + "&x " * length
    if kind == "impact":
        return ImpactStated(at=at, actor=ALICE, impact=text)
    late_at, ref = at - timedelta(minutes=late), f"{number}.0"
    return ReplyKept(at=late_at, actor=BOB, hypothesis=len(kind), reply=ref, author=BOB, permalink=None, text=text)


happenings = st.lists(
    st.tuples(st.sampled_from(["impact", "H", "HH"]), st.sampled_from([0, 1, 40, 400, 2000]), st.integers(0, 200)),
    min_size=1,
    max_size=120,
).map(lambda drawn: [happening(one) for one in enumerate(drawn)])


def pages(first: Sequence[Event], all_: Sequence[Event], switch: int) -> Iterator[str]:
    """What is read on the way back from the newest page, in full from page number `switch` on. On the second page there are more
    events than on the first."""
    events, now, before, number, in_full = first, declared(), None, 0, False
    while True:
        page = fits(timeline(now, POLICY, events, UTC, before, in_full))
        if number == switch and (whole := pressed(page, Action.SHOW_IN_FULL)):
            page = fits(timeline(now, POLICY, events, UTC, whole.before, whole.in_full))
        yield shown(page)
        earlier = pressed(page, Action.SHOW_EARLIER)
        if earlier is None:
            return
        events, before, in_full, number = all_, earlier.before, earlier.in_full, number + 1


@settings(max_examples=200, deadline=None)
@given(happenings, st.integers(0, 4), st.integers(0, 30))
def test_paging_loses_nothing_and_shows_nothing_twice(events: list[Event], switch: int, later: int) -> None:
    first = events[: max(1, len(events) - later)]
    seen = "\n".join(pages(first, events, switch))
    marks = re.findall(r"“n(\d+)n", seen)
    assert len(marks) == len(set(marks))
    assert {str(n) for n, one in enumerate(first) if isinstance(one, ImpactStated)} <= set(marks)
    if switch == 0:
        assert {str(n) for n in range(len(first))} <= set(marks)
    replies = sum(isinstance(one, ReplyKept) for one in events)
    if len(first) == len(events) and switch:
        folded = sum(map(int, re.findall(r"(\d+) replies in H", seen)))
        assert folded + len(re.findall(r"replied in H", seen)) == replies
