"""What it costs people to act, counted on the real forms: the page in benchmarks/ says what is counted, and nothing costs more."""

from benchmarks.counting import Cost
from benchmarks.forms_shown import most_fields
from benchmarks.interaction_cost import PAGE, page
from benchmarks.night import SEVERAL, counted
from bot.slack.ids import Form


def cheapest(costs: list[Cost]) -> dict[str, Cost]:
    """The cheapest way of each act: fewest clicks, then fewest commands."""
    found = dict[str, Cost]()
    for cost in costs:
        best = found.get(cost.what)
        if best is None or (cost.clicks, cost.commands) < (best.clicks, best.commands):
            found[cost.what] = cost
    return found


async def test_an_incident_costs_what_the_page_says_and_no_act_takes_more_than_two_clicks(database_url: str):
    ledger = await counted(database_url)
    assert page(ledger) == PAGE.read_text(encoding="utf-8"), "write it anew: python -m benchmarks.interaction_cost"
    best = cheapest(ledger.costs)
    spent = {what: (best[what].commands, best[what].clicks) for what in best}
    assert spent["declare"] == spent["log a hypothesis"] == (1, 0)
    assert spent["take command"] == (0, 1)
    assert spent["go on with a full gate"] == (0, 2)
    assert {what: cost.clicks for what, cost in best.items() if cost.clicks > 2 or cost.commands > 1} == {SEVERAL: 3}


def test_no_form_before_containment_has_more_than_three_fields_in_any_state():
    most = most_fields()
    assert {*Form} - {*most} == {Form.ACTION}, "every form is counted that can be opened then"
    assert {form: fields for form, fields in most.items() if fields > 3} == {}
