"""Forms: opening, filling, sending, errors, stacks, hashes and the Home tab."""

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Form, NotAcknowledged, Person, Refused, Sandbox
from tests.sandbox.given import actions, button, modal, question, section, select, text_input
from tests.sandbox.raw_app import SILENT, RawApp
from tests.sandbox.test_transport import refusal

IMPACT = question("Impact", text_input(min_length=5, max_length=20), "impact")
SEVERITY = question("Severity", select("SEV1", "SEV2"), "severity")
NOTE = question("Note", text_input(), "note", optional=True)
HELPERS = question("Helpers", {"type": "multi_users_select", "action_id": "who"}, "helpers", optional=True)
DUE = question("Due date", {"type": "datepicker", "action_id": "day"}, "due", optional=True)


async def opens(alice: Person, client: AsyncWebClient, raw_app: RawApp, view: dict[str, Any]) -> dict[str, Any]:
    """Let alice have this form open."""
    await alice.types("/incident", in_="#general")
    opened = await client.views_open(trigger_id=(await raw_app.payload())["trigger_id"], view=view)
    shown: dict[str, Any] = opened["view"]
    return shown


def form_of(person: Person) -> Form:
    """The form that must be open."""
    assert person.form is not None
    return person.form


@pytest.fixture
def alice(sandbox: Sandbox) -> Person:
    return sandbox.person("alice")


async def test_a_sent_form_carries_every_value(
    alice: Person, sandbox: Sandbox, client: AsyncWebClient, raw_app: RawApp
):
    form = modal(IMPACT, SEVERITY, NOTE, HELPERS, DUE, callback_id="declare", private_metadata="{}")
    opened = await opens(alice, client, raw_app, form)
    assert form_of(alice).labels == ["Impact", "Severity", "Note", "Helpers", "Due date"]
    await alice.fills(
        {"Impact": "Nobody can pay", "Severity": "SEV1", "Helpers": ["@bob", "@erin"], "Due date": "2026-12-01"}
    )
    assert form_of(alice).values["Helpers"] == "@bob, @erin"
    assert await alice.submits() == {}
    assert alice.form is None
    payload = await raw_app.payload()
    assert (payload["type"], payload["view"]["callback_id"], payload["response_urls"]) == (
        "view_submission",
        "declare",
        [],
    )
    assert payload["view"]["id"] == opened["id"]
    values = payload["view"]["state"]["values"]
    assert values["impact"]["text"] == {"type": "plain_text_input", "value": "Nobody can pay"}
    assert values["severity"]["pick"]["selected_option"]["value"] == "sev1"
    assert values["note"]["text"] == {"type": "plain_text_input", "value": None}
    assert values["helpers"]["who"]["selected_users"] == [sandbox.person("bob").id, sandbox.person("erin").id]
    assert values["due"]["day"] == {"type": "datepicker", "selected_date": "2026-12-01"}


async def test_an_incomplete_form_is_not_sent(alice: Person, client: AsyncWebClient, raw_app: RawApp):
    await opens(alice, client, raw_app, modal(IMPACT, SEVERITY, NOTE))
    await alice.fills({"Impact": "no"})
    assert await alice.submits() == {
        "Impact": "Please write at least 5 characters.",
        "Severity": "Please complete this required field.",
    }
    assert raw_app.envelopes.empty()


async def test_what_a_form_does_not_offer_cannot_be_chosen(alice: Person, client: AsyncWebClient, raw_app: RawApp):
    await opens(alice, client, raw_app, modal(SEVERITY))
    with pytest.raises(Refused, match=r"'SEV9' is not offered\. There is: SEV1, SEV2\."):
        await alice.fills({"Severity": "SEV9"})
    with pytest.raises(AssertionError, match=r"The form 'Form' has no 'Colour'\. There is: Severity\."):
        await alice.fills({"Colour": "red"})


async def test_errors_of_the_app_stand_under_their_labels(alice: Person, client: AsyncWebClient, raw_app: RawApp):
    await opens(alice, client, raw_app, modal(NOTE, title="Notes"))
    raw_app.answer = {"response_action": "errors", "errors": {"note": "Too vague."}}
    assert await alice.submits() == {"Note": "Too vague."}
    assert "Note: Too vague." in form_of(alice).text
    raw_app.answer = None
    assert await alice.submits() == {}


async def test_errors_for_fields_that_are_not_there_are_refused(alice: Person, client: AsyncWebClient, raw_app: RawApp):
    await opens(alice, client, raw_app, modal(NOTE))
    raw_app.answer = {"response_action": "errors", "errors": {"nowhere": "Hm."}}
    with pytest.raises(Refused, match="invalid_errors"):
        await alice.submits()
    assert "invalid_errors" in (form_of(alice).view.error or "")


async def test_a_submission_may_update_push_and_clear(alice: Person, client: AsyncWebClient, raw_app: RawApp):
    await opens(alice, client, raw_app, modal(NOTE, title="One"))
    await alice.fills({"Note": "kept"})
    raw_app.answer = {"response_action": "update", "view": modal(NOTE, title="Two")}
    await alice.submits()
    assert (form_of(alice).title, form_of(alice).values) == ("Two", {"Note": "kept"})
    raw_app.answer = {"response_action": "push", "view": modal(NOTE, title="Three")}
    await alice.submits()
    assert form_of(alice).title == "Three"
    raw_app.answer = None
    await alice.submits()
    assert form_of(alice).title == "Two"
    raw_app.answer = {"response_action": "clear"}
    await alice.submits()
    assert alice.form is None


async def test_a_form_nobody_takes_stays_open_and_says_so(alice: Person, client: AsyncWebClient, raw_app: RawApp):
    await opens(alice, client, raw_app, modal(NOTE))
    raw_app.answer = SILENT
    with pytest.raises(NotAcknowledged):
        await alice.submits()
    assert 'Lockstep did not answer: "operation_timeout". Please try again.' in form_of(alice).text


async def test_at_most_three_forms_lie_on_each_other(
    alice: Person, sandbox: Sandbox, client: AsyncWebClient, raw_app: RawApp
):
    more = actions(button("More"))
    root = await opens(alice, client, raw_app, modal(more, title="1"))
    for title in "23":
        await alice.presses("More")
        pushed = await client.views_push(
            trigger_id=(await raw_app.payload())["trigger_id"], view=modal(more, title=title)
        )
        assert pushed["view"]["root_view_id"] == root["id"]
    await alice.presses("More")
    trigger = (await raw_app.payload())["trigger_id"]
    assert (await refusal(client.views_push(trigger_id=trigger, view=modal(more))))["error"] == "push_limit_reached"
    await alice.closes()
    assert form_of(alice).title == "2"
    await alice.closes(whole_stack=True)
    assert alice.form is None


async def test_closing_is_told_only_when_asked_for(alice: Person, client: AsyncWebClient, raw_app: RawApp):
    await opens(alice, client, raw_app, modal(NOTE, notify_on_close=True, callback_id="told"))
    await alice.fills({"Note": "typed"})
    await alice.closes()
    payload = await raw_app.payload()
    assert (payload["type"], payload["view"]["callback_id"], payload["is_cleared"]) == ("view_closed", "told", False)
    assert payload["view"]["state"]["values"] == {}
    await opens(alice, client, raw_app, modal(NOTE))
    await alice.closes()
    assert raw_app.envelopes.empty()


async def test_a_stale_hash_is_refused_and_typed_values_survive_an_update(
    alice: Person, client: AsyncWebClient, raw_app: RawApp
):
    opened = await opens(alice, client, raw_app, modal(NOTE, SEVERITY))
    await alice.fills({"Note": "typed"})
    fresh = modal(question("Note", text_input(initial_value="ignored"), "note"), title="Updated")
    updated = await client.views_update(view_id=opened["id"], hash=opened["hash"], view=fresh)
    assert updated["view"]["hash"] != opened["hash"]
    assert form_of(alice).values == {"Note": "typed"}
    stale = await refusal(client.views_update(view_id=opened["id"], hash=opened["hash"], view=fresh))
    assert stale["error"] == "hash_conflict"
    assert (await refusal(client.views_update(view_id="V404", view=fresh)))["error"] == "not_found"


async def test_a_choice_in_a_form_is_told_when_the_input_asks_for_it(
    alice: Person, client: AsyncWebClient, raw_app: RawApp
):
    asking = {**SEVERITY, "dispatch_action": True}
    await opens(alice, client, raw_app, modal(asking, NOTE))
    await alice.fills({"Note": "typed", "Severity": "SEV2"})
    payload = await raw_app.payload()
    assert payload["type"] == "block_actions"
    assert payload["container"] == {"type": "view", "view_id": payload["view"]["id"]}
    assert payload["actions"][0]["selected_option"]["value"] == "sev2"
    assert payload["view"]["state"]["values"]["note"]["text"]["value"] == "typed"
    assert "channel" not in payload
    assert "response_url" not in payload


async def test_a_form_can_be_waited_for(alice: Person, client: AsyncWebClient, raw_app: RawApp):
    waiting = asyncio.create_task(alice.gets_form("Late"))
    await opens(alice, client, raw_app, modal(NOTE, title="Late"))
    assert (await waiting).title == "Late"
    with pytest.raises(AssertionError, match="waited for a form titled 'Other' and sees the form 'Late'"):
        await alice.gets_form("Other", within=0.01)


async def test_the_home_tab_is_published_to_one_person(
    alice: Person, sandbox: Sandbox, client: AsyncWebClient, raw_app: RawApp
):
    home = {"type": "home", "blocks": [section("Open incidents"), actions(button("Declare"))]}
    first = await client.views_publish(user_id=alice.id, view=home)
    assert alice.home is not None
    assert alice.home.text == "Open incidents\n[Declare]"
    assert sandbox.person("bob").home is None
    await alice.presses("Declare", in_="home")
    assert (await raw_app.payload())["view"]["type"] == "home"
    again = await client.views_publish(user_id=alice.id, view=home, hash=first["view"]["hash"])
    assert again["view"]["id"] == first["view"]["id"]
    stale = await refusal(client.views_publish(user_id=alice.id, view=home, hash=first["view"]["hash"]))
    assert stale["error"] == "hash_conflict"
