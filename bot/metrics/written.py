"""Figures for other programs: a line of CSV for each incident, and JSON with the sums beside the incidents. Pure.

Spans are in seconds, times ISO 8601 in UTC. Only here are there means, under a name that says what they are worth.
"""

import csv
import io
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.core.incident import Phase
from bot.metrics.measured import Measured
from bot.metrics.moments import Time
from bot.metrics.summary import DURATIONS, Share, Spread, Summary

MEAN = "mean_seconds_misleads_on_skewed_data"


def to_csv(found: Sequence[Measured]) -> str:
    """A heading and a line for each incident, whether it counts or not. What is not known is empty."""
    rows = [row(one) for one in found]
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]) if rows else ["incident"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def to_json(summary: Summary, found: Sequence[Measured]) -> str:
    """The sums, and the incidents they are made from."""
    written = {"summary": sums(summary), "incidents": [row(one) for one in found]}
    return json.dumps(written, indent=2, ensure_ascii=False) + "\n"


def row(one: Measured) -> dict[str, Any]:
    """One incident, flat."""
    times = {f"{_name(time)}_at": one.times[time].at.isoformat() if time in one.times else None for time in Time}
    estimated = " ".join(_name(time) for time in Time if time in one.times and one.times[time].is_estimated)
    spans = {f"{_name(name)}_seconds": seconds(one.between(*ends)) for name, ends in DURATIONS.items()}
    phases = {f"{phase.value.lower()}_seconds": seconds(one.in_phase.get(phase)) for phase in Phase}
    return {
        "incident": f"INC-{one.number}",
        "counts": one.standing.value,
        "change_contributed": one.is_by_change,
        "severity": one.severity,
        "boundaries": " ".join(one.boundaries),
        "phase": one.phase.value,
        "is_open": one.is_open,
        **times,
        "estimated": estimated,
        **spans,
        **phases,
        "relapses": one.relapses,
        "relapsed_seconds": seconds(one.relapsed_for),
        "updates_due": len(one.owed),
        "updates_in_time": sum(owed.is_kept for owed in one.owed),
        "longest_silence_seconds": seconds(one.silence),
        "noticed_by": one.source.value if one.source else None,
        "recurs": " ".join(f"INC-{number}" for number in one.recurs),
        "tests": len(one.tests),
        "tests_without_prediction": sum(not test.is_predicted for test in one.tests),
        "tests_with_result": sum(test.took is not None for test in one.tests),
        "actions": len(one.actions),
        "actions_dropped": sum(item.is_dropped for item in one.actions),
        "actions_verified": sum(item.verified is not None for item in one.actions),
        "actions_overdue": sum(item.overdue_for is not None for item in one.actions),
        "actions_moved_later": sum(item.slips for item in one.actions),
        "steps_refused": one.friction.refused,
        "needs_waived": one.friction.waived,
        "prompts": one.friction.prompts,
        "prompts_answered": one.friction.answered,
        "prompts_snoozed": one.friction.snoozed,
        "responders": one.responders,
        "most_roles_of_one_person": one.most_roles,
        "most_tests_of_one_person": one.most_tasks,
    }


def sums(summary: Summary) -> dict[str, Any]:
    """The sums. A figure that rests on too few is null, and says how many they are."""
    return {
        "incidents": summary.incidents,
        "open": summary.open,
        "left_out": {why.value: count for why, count in summary.left_out.items()},
        "durations": {
            name: {"from": start.value, "to": end.value, **_spread(summary.durations[name])}
            for name, (start, end) in DURATIONS.items()
        },
        "time_in_phase": {phase.value: _spread(one) for phase, one in summary.phases.items()},
        "updates_in_time": _share(summary.promises),
        "updates_in_time_by": [
            {"audience": audience, "severity": severity or None, **_share(share)}
            for (audience, severity), share in summary.promises_by.items()
        ],
        "lateness_of_updates": _spread(summary.lateness),
        "longest_silence_seconds": seconds(summary.silence),
        "relapsed_of_contained": _share(summary.relapses),
        "relapse": _spread(summary.relapsed),
        "recurred_within_30_days": _share(summary.recurrences),
        "noticed_by_customers_first": _share(summary.customers_first),
        "tests_with_result": _share(summary.tests),
        "tests_without_prediction": _share(summary.unpredicted),
        "time_to_result": _spread(summary.results),
        "action_items": {
            "all": summary.actions.items,
            "dropped": summary.actions.dropped,
            "verified_by_due_date": _share(summary.actions_in_time),
            "verified_within_days": {str(days): _share(one) for days, one in summary.actions_within.items()},
            "overdue": summary.actions.overdue,
            "longest_overdue_days": summary.actions.longest.days if summary.actions.longest else None,
            "moved_later": summary.actions.slips,
        },
        "friction": {
            "steps_refused": summary.refused,
            "needs_waived": summary.waived,
            "prompts": summary.prompts,
            "prompts_answered": summary.answered,
            "prompts_snoozed": summary.snoozed,
        },
        "load_proxies": {
            "prompts_per_responder_hour": summary.prompts_an_hour,
            "most_roles_of_one_person": summary.most_roles,
            "most_tests_of_one_person": summary.most_tasks,
        },
    }


def seconds(span: timedelta | None) -> float | None:
    """A span in seconds."""
    return None if span is None else span.total_seconds()


def _spread(one: Spread) -> dict[str, Any]:
    told = {"median_seconds": seconds(one.median), "p90_seconds": seconds(one.p90), MEAN: seconds(one.mean)}
    return {"n": one.n, "estimated": one.estimated, **told}


def _share(one: Share) -> dict[str, Any]:
    return {"part": one.part, "of": one.of, "share": one.value}


def _name(text: str) -> str:
    return text.lower().replace(" ", "_").replace("-", "_")
