"""What is done in one line in an incident's room, and how it is answered: the listeners on a real service and workspace."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.incident import COMMANDER, Incident
from bot.core.lifecycle import DeclareIncident
from bot.sandbox import Sandbox
from bot.service import POLICY as POLICY_DOCUMENT
from bot.service import Service
from bot.slack.directory import Directory
from bot.slack.listeners import facts, hypotheses, roles
from bot.slack.listeners.act import Act, Background, Workspace
from bot.slack.messages.message import Message
from bot.store import documents
from bot.store.database import Database
from bot.store.journal import Recorded
from tests.core.given import POLICY, origin, policy_with
from tests.slack.given import NOW, fits

US = "ULOCKSTEP"


class Stopped:
    """A clock that shows one time."""

    def now(self) -> datetime:
        """The time."""
        return NOW


class Room:
    """The room of an incident that is open, and people who type in it."""

    def __init__(self, sandbox: Sandbox, service: Service, client: AsyncWebClient, incident: Incident) -> None:
        self.sandbox, self.service, self.client, self._number = sandbox, service, client, incident.number
        self._triggers = 0

    async def types(self, text: str, *, by: str = "alice", trigger: str = "") -> Message:
        """What this person is answered who types `/incident text`."""
        self._triggers += 1
        body = {"user_id": self.sandbox.person(by).id, "text": text, "trigger_id": trigger or f"t{self._triggers}"}
        workspace = Workspace(directory=Directory(self.client), us=US, url="https://acme.slack.com/")
        respond = AsyncRespond(response_url=None)
        act = Act(body, self.service, self.client, respond, Background(), workspace)
        verb, _, rest = text.strip().partition(" ")
        found = await self.incident()
        answer = await CARRY_OUT[verb](act, rest.strip(), found, await self.service.policy_of(found))
        assert isinstance(answer, Message), f"{text} opened a form"
        return fits(answer)

    async def incident(self) -> Incident:
        """The incident as it stands."""
        return await self.service.incident(self._number, viewer="")

    async def timeline(self) -> list[Recorded]:
        """All that happened."""
        return await self.service.timeline(self._number, viewer="")


CARRY_OUT = {
    "impact": facts.impact,
    "title": facts.title,
    "started": facts.started,
    "detected": facts.detected,
    "note": facts.note,
    "policy": facts.adopt_policy,
    "role": roles.role,
    "hypothesis": hypotheses.propose,
}


@pytest.fixture
async def room(sandbox: Sandbox, sqlite_url: str, tmp_path: Path) -> AsyncIterator[Room]:
    """An incident of severity SEV1 under the usual policy, which is also what the policy file says."""
    database = await Database.open(sqlite_url)
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[])
        async with database.write() as tx:
            await documents.keep_document(tx, "T1", POLICY_DOCUMENT, POLICY.hash, POLICY.canonical())
        correct(tmp_path)
        service = Service(database, Stopped(), "T1", POLICY, tmp_path)
        await service.handle(DeclareIncident(origin=origin(), title="Checkout fails", severity="SEV1"))
        yield Room(sandbox, service, client, await service.incident(1, viewer=""))
    await database.close()


def correct(folder: Path, **changes: Any) -> None:
    """Write the policy file anew with these changes."""
    content = policy_with(**changes).model_dump(mode="json", exclude={"wording", "glossary"})
    (folder / "policy.yml").write_text(yaml.safe_dump(content), encoding="utf-8")


async def test_a_corrected_impact_is_said_back_and_said_to_be_told(room: Room) -> None:
    answer = (await room.types("impact Nobody can <pay>")).text
    assert answer.startswith("Recorded: the impact is “Nobody can &lt;pay&gt;”.")
    assert answer.endswith("The next update says what is true now.")
    assert (await room.incident()).impact == "Nobody can <pay>"


async def test_a_sentence_that_ends_with_a_full_stop_gets_no_second_one(room: Room) -> None:
    assert ".”." not in (await room.types("impact Nobody can pay.")).text


async def test_a_corrected_title_is_not_said_to_be_told_since_updates_never_name_it(room: Room) -> None:
    answer = (await room.types("title Search fails <!here>")).text
    assert "INC-1 is called “Search fails &lt;!here&gt;”" in answer
    assert "next update" not in answer


@pytest.mark.parametrize(
    ("by", "said", "started"),
    [
        ("alice", "*Monday 23 November 2026 at 14:05* (Europe/Paris, 13:05 UTC)", NOW.replace(hour=13, minute=5)),
        ("bob", "*Monday 23 November 2026 at 14:05* (Asia/Tokyo, 05:05 UTC)", NOW.replace(hour=5, minute=5)),
        (
            "carol",
            "*Sunday 22 November 2026 at 14:05* (America/New_York, 19:05 UTC)",
            NOW.replace(day=22, hour=19, minute=5),
        ),
    ],
)
async def test_a_start_is_read_in_the_typists_zone_and_said_back_with_day_and_zone(
    room: Room, by: str, said: str, started: datetime
) -> None:
    answer = (await room.types("started 14:05", by=by)).text
    assert answer == f"Recorded: INC-1 started on {said}. The next update says what is true now."
    assert (await room.incident()).started == started


async def test_a_start_that_has_not_come_is_refused_and_changes_nothing(room: Room) -> None:
    assert "has not come yet" in (await room.types("started 2026-11-24 10:00")).text
    assert (await room.incident()).started is None


async def test_what_is_no_start_is_answered_with_how_to_write_one(room: Room) -> None:
    for typed in ("started this morning", "started about noon"):
        assert "`/incident started 14:05`" in (await room.types(typed)).text
    assert "`/incident detected 14:05`" in (await room.types("detected just now")).text


@pytest.mark.parametrize("typed", ["about 14:05", "~14:05", "~ 14:05", "around 14:05", "ca. 2:05 pm", "About 14:05"])
async def test_a_time_that_nobody_knows_exactly_is_kept_as_an_estimate_and_said_back_so(room: Room, typed: str) -> None:
    said = "*Monday 23 November 2026 at about 14:05* (Europe/Paris, 13:05 UTC)"
    assert (await room.types(f"started {typed}")).text.startswith(f"Recorded: INC-1 started on {said}.")
    assert (await room.types(f"detected {typed}")).text == f"Recorded: INC-1 was noticed on {said}."
    now = await room.incident()
    assert now.started == now.detected == NOW.replace(hour=13, minute=5)
    assert now.is_start_estimated and now.is_detection_estimated


async def test_an_estimate_becomes_exact_when_somebody_knows(room: Room) -> None:
    await room.types("started ~14:05")
    await room.types("started 14:05")
    assert not (await room.incident()).is_start_estimated


async def test_a_detection_that_has_not_come_is_refused(room: Room) -> None:
    assert "has not come yet" in (await room.types("detected 2026-11-24 10:00")).text
    assert (await room.incident()).detected is None


async def test_a_note_is_kept_and_an_empty_one_is_not(room: Room) -> None:
    assert (await room.types("note Called the bank")).text == "Noted on the timeline of INC-1."
    assert (await room.types("note")).text == "Nothing was written for “note”. Please write a few words."
    kinds = [type(one.event).__name__ for one in await room.timeline()]
    assert kinds[-2:] == ["NoteAdded", "AttemptRefused"]


async def test_a_hypothesis_is_answered_with_its_number(room: Room) -> None:
    assert (await room.types("hypothesis The pool is empty", trigger="one")).text.startswith("*H1* of INC-1")
    assert (await room.types("hypothesis The disk is full", by="bob")).text.startswith("*H2* of INC-1")


async def test_a_hypothesis_keeps_its_number_when_slack_delivers_it_twice(room: Room) -> None:
    await room.types("hypothesis The pool is empty", trigger="one")
    await room.types("hypothesis The disk is full", by="bob")
    again = await room.types("hypothesis The pool is empty", trigger="one")
    assert again.text.startswith("*H1* of INC-1")
    assert len((await room.incident()).hypotheses) == 2


@pytest.mark.parametrize(
    "typed",
    [
        "role commander <@{bob}|bob>",
        "role <@{bob}> ic",
        "role  Incident Commander  <@{bob}>",
        " role commander <@{bob}>",
    ],
)
async def test_a_role_is_given_however_it_is_typed(room: Room, typed: str) -> None:
    bob = room.sandbox.person("bob").id
    answer = await room.types(typed.format(bob=bob))
    assert answer.text == f"Incident commander of INC-1: <@{bob}>."
    assert (await room.incident()).seats[COMMANDER].user == bob


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("role commander", "Please name a role and a person, like `/incident role commander @somebody`."),
        ("role commander @bob", "Please name a role and a person"),
        ("role <@UBOB>", "Please name a role and a person"),
        ("role chef <@UBOB>", "The policy has no role “chef”. It has: incident commander, deputy,"),
        (f"role scribe <@{US}>", "I keep the record, and cannot hold a role. Please choose a person."),
    ],
)
async def test_what_gives_no_role_says_what_is_missing(room: Room, typed: str, said: str) -> None:
    assert said in (await room.types(typed)).text
    assert (await room.incident()).seats == {}


async def test_a_corrected_policy_is_brought_in_and_said_to_have_changed_what_it_did(
    room: Room, tmp_path: Path
) -> None:
    assert (await room.types("policy adopt")).text == (
        "INC-1 follows the policy as it is in the file. Nothing had changed."
    )
    correct(tmp_path, announce_in="#incidents-2")
    assert (await room.types("policy adopt")).text.startswith("INC-1 follows the corrected policy now. Changed: ")
    assert (await room.service.policy_of(await room.incident())).announce_in == "#incidents-2"


async def test_a_policy_that_lacks_what_the_incident_has_is_not_brought_in(room: Room, tmp_path: Path) -> None:
    kept = POLICY.model_dump()["severities"][1:]
    correct(tmp_path, severities=kept, audiences=[])
    said = (await room.types("policy adopt")).text
    assert said.startswith("INC-1 keeps its policy: the file has no severity SEV1 any more")
    assert (await room.service.policy_of(await room.incident())) == POLICY


@pytest.mark.parametrize("typed", ["policy", "policy show", "policy adopt please"])
async def test_policy_alone_does_nothing_and_says_what_it_can(room: Room, typed: str) -> None:
    assert "`/incident policy adopt`" in (await room.types(typed)).text
    assert len(await room.timeline()) == 1 + 2  # the declaration, and an update to each audience
