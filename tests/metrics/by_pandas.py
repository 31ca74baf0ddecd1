"""The same figures computed another way, with pandas, from the journals as they are written down and in words other than the rules'
own: whoever gets one of the two wrong is found by the other."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from bot.core.decision import Event
from bot.core.vocabulary import write_event
from tests.metrics.a_year import END

ENDS = {"IncidentClosed", "IncidentCancelled", "IncidentMerged"}
WORST_FIRST = ("SEV1", "SEV2", "SEV3")
FIRST_MINUTES = {
    "executives": {"SEV1": 10, "SEV2": 15},
    "support": {"SEV1": 10, "SEV2": 15, "SEV3": 60},
    "customers": {"SEV1": 10, "SEV2": 20},
}
"""How soon the policies of the year have each audience told first, where it hears of a severity at all. Unset counts as SEV2."""
CHAINS = (
    ("started", "detected", "contained", "recovered", "resolved", "published", "closed"),
    ("detected", "declared", "acknowledged", "triaged", "resolved"),
)
PROMPTS = [
    *("PhaseTakesLong", "SeatFoundEmpty", "RestProposed", "SpanReached"),
    *("UpdateReminded", "HintGiven", "TestOverran"),
]
NOTHING = pd.Timedelta(0)


def frame(year: Sequence[Sequence[Event]]) -> pd.DataFrame:
    """A row for each event: incident, seq, kind, at, actor, and all else that it says."""
    rows = [
        {"incident": number, "seq": seq, "at": event.at, "kind": kind, "said": json.loads(data) | json.loads(text)}
        for number, events in enumerate(year, start=1)
        for seq, event in enumerate(events, start=1)
        for kind, data, text in [write_event(event)]
    ]
    return pd.DataFrame(rows)


def measured(table: pd.DataFrame, end: datetime) -> pd.DataFrame:
    """A row for each incident."""
    return pd.DataFrame({number: one_incident(rows, end) for number, rows in table.groupby("incident")}).T


def one_incident(rows: pd.DataFrame, end: datetime) -> dict[str, Any]:
    """All that is measured of one incident; None for a time that is not known."""
    first = rows.iloc[0]
    of = {
        kind: list(zip(group["at"], group["said"], group["seq"], strict=True)) for kind, group in rows.groupby("kind")
    }
    entered = {said["phase"]: at for at, said, _ in of.get("PhaseEntered", [])}
    over = min((at for kind in ENDS for at, _, _ in of.get(kind, [])), default=None)
    found: dict[str, Any] = {
        "declared": first["at"],
        "acknowledged": min((at for at, _, _ in of.get("RoleTaken", [])), default=None),
        "triaged": entered.get("CONTAINMENT"),
        "contained": pd.Timestamp(of["HoldPassed"][0][1]["since"]) if "HoldPassed" in of else None,
        "recovered": recovered(of),
        "resolved": entered.get("POSTMORTEM"),
        "published": published(of),
        "closed": over if "IncidentClosed" in of else None,
        "first_update": first_update(of),
        "is_open": over is None,
        "entered": {"DETECTION": first["at"], **entered},
        "left": over or end,
    }
    for column, kind, field in (("started", "StartStated", "started"), ("detected", "DetectionStated", "detected")):
        last = of[kind][-1][1] if kind in of else None
        found[column] = pd.Timestamp(last[field]) if last else (first["at"] if column == "detected" else None)
        found[f"{column}_guessed"] = last["is_estimated"] if last else column == "detected"
    sources = [said["answer"] for _, said, _ in of.get("QuestionAnswered", []) if said["question"] == "source"]
    found["source"] = sources[-1] if sources else None
    found["standing"] = standing(first["said"], of, found)
    severities = [first["said"]["severity"], *(said["severity"] for _, said, _ in of.get("SeverityChanged", []))]
    found["severity"] = next((name for name in WORST_FIRST if name in severities), None)
    found["returned"] = relapse_time(rows, end)
    found["relapses"] = sum(said["relapse"] > 0 for _, said, _ in of.get("ImpactReturned", []))
    found["recurs"] = [said["other"] for _, said, _ in of.get("IncidentLinked", []) if said["kind"] == "recurs"]
    found["refused"] = sum(
        said["attempt"] in ("AdvancePhase", "CloseIncident") for _, said, _ in of.get("AttemptRefused", [])
    )
    found["waived"] = sum(len(said["needs"]) for _, said, _ in of.get("NeedsWaived", []))
    found["prompts"] = rows["kind"].isin(PROMPTS).sum()
    found["snoozed"] = rows["kind"].isin(["PromptsSnoozed", "RestSnoozed", "RemindersSnoozed"]).sum()
    found |= people(of) | {"most_tasks": most_tasks(rows)}
    found["owed"] = [owed for audience in FIRST_MINUTES for owed in promises(rows, audience, end)]
    found["silence"] = silence(of, first["at"], min(filter(None, (entered.get("POSTMORTEM"), over, end))))
    found["tests"] = tests(rows)
    found["unpredicted"] = unpredicted(rows)
    found["by_change"] = any("change and rollout" in said["factors"] for _, said, _ in of.get("FactorsTagged", [])[-1:])
    found["to_do"] = to_do(rows, end)
    return found


def to_do(rows: pd.DataFrame, end: datetime) -> pd.DataFrame:
    """A row for each action item that was added: where its assignee is, when it is due, how it stands at the end of the year."""
    is_item = (rows["kind"] == "ActionItemAdded") | (
        (rows["kind"] == "MeasureSettled") & rows["said"].map(lambda said: bool(said.get("assignee")))
    )
    found: list[dict[str, Any]] = [
        {"added": at, "who": said["assignee"], "due": said["due"], "slips": 0, "verified": None, "stands": "proposed"}
        for at, said in zip(rows["at"][is_item], rows["said"][is_item], strict=True)
    ]
    zones = {said["user"]: said["zone"] for said in rows["said"][rows["kind"] == "ZoneLearnt"]}
    for at, kind, said in zip(rows["at"], rows["kind"], rows["said"], strict=True):
        if kind == "DueDateMoved":
            found[said["item"] - 1]["due"] = said["due"]
            found[said["item"] - 1]["slips"] += said["due"] > said["former"]
        elif kind in ("ActionFinished", "ActionVerified", "ActionDropped"):
            found[said["item"] - 1] |= {"stands": kind, "verified": at if kind == "ActionVerified" else None}
    items = pd.DataFrame(found, columns=["added", "who", "due", "slips", "verified", "stands"])
    zone = [zones.get(who, "UTC") for who in items["who"]]
    items["today"] = [pd.Timestamp(end).tz_convert(name).strftime("%Y-%m-%d") for name in zone]
    items["then"] = [
        None if pd.isna(at) else pd.Timestamp(at).tz_convert(name).strftime("%Y-%m-%d")
        for at, name in zip(items["verified"], zone, strict=True)
    ]
    return items


def recovered(of: dict[str, Any]) -> datetime | None:
    """The first statement of recovery after the harm last came back, before the phase was left."""
    left = min((seq for _, said, seq in of.get("PhaseEntered", []) if said["phase"] == "POSTMORTEM"), default=10**9)
    back = max((seq for _, _, seq in of.get("ImpactReturned", []) if seq < left), default=0)
    return min((at for at, _, seq in of.get("RecoveryVerified", []) if back < seq < left), default=None)


def first_update(of: dict[str, Any]) -> datetime | None:
    """When Slack took the first update that a person wrote."""
    written = {seq for _, said, seq in of.get("UpdateIssued", []) if said["occasion"] == "written"}
    return min((at for at, said, _ in of.get("UpdateSent", []) if said["update"] in written), default=None)


def published(of: dict[str, Any]) -> datetime | None:
    """When the postmortem was published last, unless it went back to being a draft after that."""
    moves = pd.DataFrame(of.get("PostmortemMoved", []), columns=["at", "said", "seq"])
    moves["to"] = [said["to"] for said in moves["said"]]
    back = moves["seq"][moves["to"] == "draft"].max()
    out = moves["at"][(moves["to"] == "published") & ~(moves["seq"] < back)]
    return out.max() if len(out) else None


def standing(declaration: dict[str, Any], of: dict[str, Any], times: dict[str, Any]) -> str:
    """Whether an incident counts, or why not."""
    if declaration["is_drill"]:
        return "drill"
    if "IncidentCancelled" in of:
        return "cancelled"
    if "IncidentMerged" in of:
        return "merged"
    for chain in CHAINS:
        unsure = {"started" if times["started_guessed"] else "", "" if "DetectionStated" in of else "detected"}
        known = [times[name] for name in chain if times[name] is not None and name not in unsure]
        if known != sorted(known):
            return "contradictory"
    return "counted"


def relapse_time(rows: pd.DataFrame, end: datetime) -> pd.Timedelta:
    """How long harm was back in RECOVERY, added up."""
    spans, since = [NOTHING], None
    for at, kind, said in zip(rows["at"], rows["kind"], rows["said"], strict=True):
        if kind == "ImpactReturned" and said["relapse"] > 0:
            since = since or at
        until = {"HoldPassed": said.get("since"), "IncidentClosed": at}.get(kind)
        if since and until:
            spans.append(pd.Timestamp(until) - since)
            since = None
    return sum([*spans, end - since if since else NOTHING], NOTHING)


def unpredicted(rows: pd.DataFrame) -> int:
    """How many tests were started before anybody had said what the hypothesis predicts."""
    about = rows[rows["kind"].isin(["TestStarted", "PredictionStated"])].copy()
    about["hypothesis"] = about["said"].map(lambda said: said["hypothesis"])
    about["predicts"] = about["kind"] == "PredictionStated"
    known = about.groupby("hypothesis")["predicts"].cummax()
    return int(((about["kind"] == "TestStarted") & ~known).sum())


def people(of: dict[str, Any]) -> dict[str, int]:
    """How many held roles, and the most roles of one of them at a time."""
    held = pd.DataFrame([said for _, said, _ in of.get("RoleTaken", [])], columns=["role", "user"])
    most = [held.iloc[: n + 1].drop_duplicates("role", keep="last")["user"].value_counts().max() for n in held.index]
    return {"responders": held["user"].nunique(), "most_roles": int(max(most, default=0))}


def most_tasks(rows: pd.DataFrame) -> int:
    """The most hypotheses that were one person's to test before they turned out."""
    whose, most = dict[int, str](), 0
    for kind, said in zip(rows["kind"], rows["said"], strict=True):
        if kind in ("HypothesisReady", "TestStarted"):
            whose[said["hypothesis"]] = said["assignee"]
        if kind in ("HypothesisConfirmed", "HypothesisRefuted", "HypothesisDuplicate"):
            whose.pop(said["hypothesis"], None)
        if kind == "HypothesesCarriedOver":
            whose.clear()
        most = max([most, *pd.Series(list(whose.values()), dtype=object).value_counts()])
    return most


def promises(rows: pd.DataFrame, audience: str, end: datetime) -> list[dict[str, Any]]:
    """What was owed to an audience: due, in time until, sent (None: not)."""
    taken = rows[rows["kind"] == "UpdateSent"]
    sent = {said["update"]: at for at, said in zip(taken["at"], taken["said"], strict=True)}
    account = Account(audience, rows["at"].iloc[0])
    for seq, at, kind, said in zip(rows["seq"], rows["at"], rows["kind"], rows["said"], strict=True):
        account.read(at, kind, said, sent.get(seq))
    if account.debt:
        account.settle(None, account.stopped or end)
    return account.found


class Account:
    """What one audience is owed by one incident at a time, at the severity that it has then."""

    def __init__(self, audience: str, begun: datetime) -> None:
        self.audience, self.begun = audience, begun
        self.severity: str | None = None
        self.told = False
        self.stopped: Any = None
        self.debt: dict[str, Any] | None = None
        self.found: list[dict[str, Any]] = []

    def read(self, at: Any, kind: str, said: dict[str, Any], sent: Any) -> None:
        """One more event."""
        if kind in ("IncidentDeclared", "SeverityChanged") and not self.stopped:
            if not self.told:
                self.owe_first(at, said["severity"])
            self.severity = said["severity"]
        elif said.get("audience") == self.audience and kind == "PromiseMoved":
            self.debt = {"made": at, "due": pd.Timestamp(said["promised"])}
        elif said.get("audience") == self.audience and kind == "UpdateIssued":
            self.tell(at, said["promised"], sent)
        elif kind in ENDS or (kind == "PhaseEntered" and said["phase"] == "POSTMORTEM"):
            self.stopped = self.stopped or at

    def owe_first(self, at: Any, severity: str | None) -> None:
        """The first update, so long after the declaration; at once for who comes to hear of it later than that."""
        minutes = FIRST_MINUTES[self.audience].get(severity or "SEV2")
        if self.debt and not minutes:
            self.settle(None, at)
        made = self.debt["made"] if self.debt else at
        due = self.begun + pd.Timedelta(minutes=minutes or 0)
        self.debt = {"made": made, "due": max(due, made)} if minutes else None

    def tell(self, at: Any, promised: str | None, sent: Any) -> None:
        """An update goes out, and with it what was owed, unless nothing was any more."""
        if self.debt and self.stopped in (None, at):
            self.settle(sent, None)
            self.debt = None
        self.told = True
        if promised and not self.stopped:
            self.debt = {"made": at, "due": max(pd.Timestamp(promised), at)}

    def settle(self, sent: Any, until: Any) -> None:
        """It counts when it was sent, or should have been by `until`, when nobody waited any more (None: it goes out now, and Slack
        may not take it)."""
        assert self.debt is not None
        latest = self.debt["due"] + max(pd.Timedelta(minutes=1), (self.debt["due"] - self.debt["made"]) * 0.1)
        if sent is not None or latest < (until or END):
            one = {"audience": self.audience, "severity": self.severity, "latest": latest, "sent": sent}
            self.found.append({**self.debt, **one})


def silence(of: dict[str, Any], begun: datetime, until: datetime) -> pd.Timedelta | None:
    """The longest time without a word to an audience that was told something."""
    issued = {seq: said["audience"] for _, said, seq in of.get("UpdateIssued", [])}
    sent = pd.DataFrame(
        [(issued[said["update"]], at) for at, said, _ in of.get("UpdateSent", [])], columns=["who", "at"]
    )
    gaps = []
    for _, heard in sent.groupby("who"):
        inside = heard["at"][heard["at"] < until].sort_values()
        gaps.append(pd.Series([begun, *inside, until]).diff().max())
    return max(gaps, default=None)


def tests(rows: pd.DataFrame) -> list[pd.Timedelta | None]:
    """How long each test took until its hypothesis turned out; None where it did not."""
    about = rows[rows["kind"].isin(["TestStarted", "HypothesisConfirmed", "HypothesisRefuted"])].copy()
    about["hypothesis"] = about["said"].map(lambda said: said["hypothesis"])
    found: list[pd.Timedelta | None] = []
    for _, one in about.groupby("hypothesis"):
        kinds, times = [*one["kind"], None], [*one["at"], None]
        for place, kind in enumerate(kinds[:-1]):
            if kind == "TestStarted":
                follows = kinds[place + 1]
                found.append(times[place + 1] - times[place] if follows not in (None, "TestStarted") else None)
    return found
