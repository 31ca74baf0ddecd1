"""What a person hears when a listener raised."""

import json
from typing import Any

from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import StoreUnavailable, UnknownIncident
from bot.core.incident import Phase
from bot.slack.forms.advance import AdvanceForm
from bot.slack.listeners.errors import on_error
from tests.core.given import ALICE, POLICY, START, decided, facts_of, in_phase

NOT_RECORDED = "Not recorded, the database is out of reach. Please repeat."


async def answered(error: Exception, body: dict[str, Any]) -> dict[str, Any] | None:
    """The body of the acknowledgement, None when there is none."""
    response = await on_error(error, body, AsyncWebClient(), AsyncRespond(response_url=None))
    if response is None:
        return None
    assert response.status == 200
    answer: dict[str, Any] = json.loads(response.body)
    return answer


async def test_a_command_that_was_not_recorded_is_answered_with_what_to_do() -> None:
    answer = await answered(StoreUnavailable(), {"command": "/incident"})
    assert answer is not None
    assert answer["text"] == NOT_RECORDED
    assert answer["response_type"] == "ephemeral"


async def test_a_form_that_was_not_recorded_stays_open_with_what_was_typed() -> None:
    view = AdvanceForm.view(in_phase(Phase.CONTAINMENT), POLICY, presser=ALICE, at=START)
    answer = await answered(StoreUnavailable(), {"type": "view_submission", "view": view})
    assert answer == {"response_action": "errors", "errors": {"containment": NOT_RECORDED}}


async def test_a_form_without_fields_says_it_in_its_place() -> None:
    incident, _ = decided(in_phase(Phase.RECOVERY), *facts_of(Phase.RECOVERY))
    view = AdvanceForm.view(incident, POLICY, presser=ALICE, at=START)
    answer = await answered(StoreUnavailable(), {"type": "view_submission", "view": view})
    assert answer is not None and answer["response_action"] == "update"
    assert answer["view"]["blocks"][0]["text"]["text"] == NOT_RECORDED


async def test_an_incident_that_is_not_there_is_named() -> None:
    answer = await answered(UnknownIncident(99), {"command": "/incident"})
    assert answer is not None
    assert answer["text"] == "There is no INC-99 here. `/incident list` shows the open ones."


async def test_what_nobody_foresaw_is_answered_kindly_and_without_its_insides() -> None:
    answer = await answered(ZeroDivisionError("secret insides"), {"command": "/incident"})
    assert answer is not None
    assert answer["text"].startswith("Sorry, that did not work")
    assert "secret" not in str(answer)


async def test_what_no_person_waits_for_stays_unacknowledged() -> None:
    assert await answered(StoreUnavailable(), {"type": "event_callback"}) is None
