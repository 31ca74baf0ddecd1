"""The two forms of a written update: whom it is for, what each of them will read, and what the forms carry until it is sent."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import RealClock
from bot.core.facts import StateImpact
from bot.core.incident import Incident, Phase
from bot.core.lifecycle import DeclareIncident
from bot.core.policy import Policy
from bot.core.router.updates import SendUpdate
from bot.service import POLICY as POLICY_DOCUMENT
from bot.service import Service
from bot.slack.blocks import section
from bot.slack.forms.inputs import MOST_AUDIENCES
from bot.slack.forms.modal import FieldErrors
from bot.slack.forms.update import LIMIT, UpdateForm, UpdatePreview, Written
from bot.slack.ids import Drawn
from bot.slack.listeners.writing import draft_form, preview_form, writing_form
from bot.slack.text import SECTION_LIMIT
from bot.store import documents
from bot.store.database import Database
from tests.core.given import POLICY_WITH_DRAFTS, in_phase, origin, policy_with
from tests.running import PLAYBOOKS
from tests.slack.given import NASTY, PHASES, sent, stuffed, texts, view_fits

HERE = origin()
NAMES = [f"{'a' * 38}{n:02}" for n in range(100)]
BOTH = ["executives", "support"]


def read(*names: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """What a preview shows to these audiences, each something else."""
    return [(f"*{name}* in #{name}", [section(f"What {name} sees")]) for name in names]


def words(view: dict[str, Any]) -> str:
    """All that a form says."""
    return "\n".join(text["text"] for text in texts(view["blocks"]))


def test_an_update_is_shown_before_it_is_sent_and_sent_as_shown() -> None:
    incident = in_phase(Phase.TRIAGE)
    form = sent(UpdateForm.view(incident, "Some cannot pay.", BOTH, BOTH), update='Pay "by" invoice.\nThanks')
    written = UpdateForm.parse(form)
    assert written == Written('Pay "by" invoice.\nThanks', ("executives", "support"))
    preview = UpdatePreview.view(incident, written, read("executives"))
    assert "What *executives* in #executives will read:\nWhat executives sees" in words(preview)
    assert (preview["submit"]["text"], preview["close"]["text"]) == ("Send update", "Back")
    assert UpdatePreview.parse(sent(preview), HERE) == SendUpdate(
        origin=HERE, text=written.text, audiences=("executives", "support")
    )


def test_an_update_goes_to_whom_the_person_chose() -> None:
    view = UpdateForm.view(in_phase(Phase.TRIAGE), "x", ["executives", "support", "customers"], BOTH)
    assert UpdateForm.parse(sent(view)) == Written("x", ("executives", "support"))
    assert UpdateForm.parse(sent(view, audiences=["customers"])) == Written("x", ("customers",))
    nobody = UpdateForm.parse(sent(view, audiences=[]))
    assert nobody == FieldErrors({"audiences": "Please choose at least one."})


def test_the_update_form_starts_with_what_the_record_says() -> None:
    view = UpdateForm.view(in_phase(Phase.TRIAGE), "Some cannot pay.", BOTH, BOTH)
    assert UpdateForm.parse(sent(view)) == Written("Some cannot pay.", ("executives", "support"))
    assert UpdateForm.parse(sent(view, update=" ")) == FieldErrors({"update": "Please write what they should know."})


def test_control_characters_do_not_reach_an_update() -> None:
    view = UpdateForm.view(in_phase(Phase.TRIAGE), "x", BOTH, BOTH)
    assert UpdateForm.parse(sent(view, update="a\x00\x1b\nb\x7f")) == Written("a\nb", ("executives", "support"))


def test_somebody_who_was_chosen_and_does_not_listen_any_more_is_not_offered() -> None:
    view = UpdateForm.view(in_phase(Phase.TRIAGE), "x", BOTH, ["customers"])
    assert isinstance(UpdateForm.parse(sent(view)), FieldErrors)


@pytest.mark.parametrize("listening", [1, MOST_AUDIENCES, MOST_AUDIENCES + 1, 100, 150])
def test_however_many_listen_the_form_can_be_sent_as_it_is(listening: int) -> None:
    names = [*NAMES, *(f"b{n}" for n in range(50))][:listening]
    written = UpdateForm.parse(sent(UpdateForm.view(in_phase(Phase.TRIAGE), NASTY, names, names)))
    assert isinstance(written, Written)
    assert len(written.text) <= LIMIT
    assert written.audiences == tuple(names[:MOST_AUDIENCES])


def test_when_the_form_does_not_choose_everybody_it_says_how_many_it_can() -> None:
    """Whoever does not look closely believes that all of them are told."""
    view = view_fits(UpdateForm.view(in_phase(Phase.TRIAGE), "x", NAMES, NAMES))
    assert f"at most {MOST_AUDIENCES} audiences" in words(view)


TRICKY = st.one_of(
    st.text(st.sampled_from('"\\\n/<>&é😀 '), min_size=LIMIT, max_size=LIMIT), st.text(max_size=LIMIT)
).filter(str.strip)


@given(TRICKY)
def test_whatever_is_written_comes_back_from_the_preview_as_it_was_shown(typed: str) -> None:
    view = UpdateForm.view(in_phase(Phase.TRIAGE), "x", NAMES[:20], NAMES[:20])
    written = UpdateForm.parse(sent(view, update=typed))
    if isinstance(written, FieldErrors):
        return
    preview = sent(UpdatePreview.view(in_phase(Phase.TRIAGE), written, read("x")))
    assert UpdatePreview.parse(preview, HERE).text == SendUpdate(origin=HERE, text=written.text).text


@pytest.mark.parametrize("character", ['"', "\\", "\n", "😀", "\u2028", "<"])
def test_the_longest_update_to_the_most_audiences_fits_into_what_a_form_carries(character: str) -> None:
    longest = "x" + character * (LIMIT - 2) + "x"
    incident = in_phase(Phase.POSTMORTEM).but(number=10**9 - 1)
    written = UpdateForm.parse(sent(UpdateForm.view(incident, "x", NAMES, NAMES), update=longest))
    assert written == Written(longest, tuple(NAMES[:MOST_AUDIENCES]))
    preview = UpdatePreview.view(incident, written, read("x"))
    assert len(preview["private_metadata"]) < 3000
    assert json.loads(preview["private_metadata"])["text"] == longest
    assert UpdatePreview.parse(sent(preview), HERE) == SendUpdate(
        origin=HERE, text=longest, audiences=tuple(NAMES[:MOST_AUDIENCES])
    )


@pytest.mark.parametrize("phase", PHASES)
def test_no_text_of_any_length_breaks_the_form(phase: Phase) -> None:
    view_fits(UpdateForm.view(stuffed(phase), NASTY, NAMES, NAMES[50:]))


# What each audience will read, as the service composes it


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """An open database with nothing in it."""
    database = await Database.open(sqlite_url)
    yield database
    await database.close()


async def serving(database: Database, policy: Policy, playbooks: Path = PLAYBOOKS) -> Service:
    """The service under this policy."""
    async with database.write() as tx:
        await documents.keep_document(tx, "T1", POLICY_DOCUMENT, policy.hash, policy.canonical())
    return Service(database, RealClock(), "T1", policy, playbooks)


async def declared(service: Service, severity: str = "SEV1", impact: str = "Some cannot pay.") -> Incident:
    """An incident in the journal."""
    command = DeclareIncident(
        origin=origin(), title="Checkout fails", severity=severity, then=(StateImpact(origin=origin(), impact=impact),)
    )
    outcome = await service.handle(command)
    assert outcome.incident is not None
    return await service.incident(outcome.incident, viewer="")


async def test_those_whose_updates_are_drafted_are_offered_and_not_chosen(database: Database) -> None:
    service = await serving(database, POLICY_WITH_DRAFTS)
    incident = await declared(service)
    view = await writing_form(service, incident)
    assert view is not None
    options = [option["value"] for option in view["blocks"][1]["element"]["options"]]
    assert options == ["executives", "support", "customers"]
    assert UpdateForm.parse(sent(view)) == Written(
        "Some cannot pay. We are looking into it.", ("executives", "support")
    )


async def test_a_draft_is_edited_for_its_audience_alone(database: Database) -> None:
    service = await serving(database, POLICY_WITH_DRAFTS)
    view = await writing_form(service, await declared(service), audiences=["customers"])
    assert view is not None
    written = UpdateForm.parse(sent(view, update="Please pay by invoice."))
    assert written == Written("Please pay by invoice.", ("customers",))


async def test_where_every_update_is_drafted_all_are_chosen(database: Database) -> None:
    (customers,) = (one for one in POLICY_WITH_DRAFTS.model_dump()["audiences"] if one["name"] == "customers")
    service = await serving(database, policy_with(POLICY_WITH_DRAFTS, audiences=[customers]))
    view = await writing_form(service, await declared(service))
    assert view is not None
    written = UpdateForm.parse(sent(view))
    assert isinstance(written, Written) and written.audiences == ("customers",)


async def test_with_nobody_to_read_it_there_is_no_form(database: Database) -> None:
    service = await serving(database, policy_with(POLICY_WITH_DRAFTS, audiences=[]))
    assert await writing_form(service, await declared(service)) is None


async def test_those_who_read_the_same_are_shown_together(database: Database) -> None:
    service = await serving(database, POLICY_WITH_DRAFTS)
    incident = await declared(service)
    audiences = ("executives", "support", "customers")
    view = view_fits(await preview_form(service, incident, Written("Pay <!channel> by invoice", audiences)))
    said = words(view)
    assert "What *executives* in #exec-updates and *support* in #support-updates will read:" in said
    assert "What *customers* in #status-page will read:" in said  # they hear at other times
    assert said.count("Pay &lt;!channel&gt; by invoice") == 2


async def test_only_those_who_were_chosen_are_shown_and_sent_to(database: Database) -> None:
    service = await serving(database, POLICY_WITH_DRAFTS)
    incident = await declared(service)
    view = await preview_form(service, incident, Written("x", ("support",)))
    assert "executives" not in words(view)
    assert UpdatePreview.parse(sent(view), HERE).audiences == ("support",)


async def test_a_draft_is_sent_as_the_record_stands_when_the_button_is_pressed(database: Database) -> None:
    service = await serving(database, POLICY_WITH_DRAFTS)
    incident = await declared(service)
    await service.handle(StateImpact(origin=origin(), impact="Nobody can pay."))
    view = await draft_form(service, await service.incident(incident.number, viewer=""), "customers")
    assert "Nobody can pay. We are looking into it." in words(view)
    said = "Nobody can pay. We are looking into it."
    command = SendUpdate(origin=HERE, text=said, audiences=("customers",), updates=0)
    assert UpdatePreview.parse(sent(view), HERE, said) == command


@pytest.mark.parametrize("impact", ['"' * 3000, "\\" * 3000, "😀" * 3000, NASTY, "\x01" * 3000])
async def test_a_draft_of_any_length_fits_into_what_the_preview_carries(database: Database, impact: str) -> None:
    service = await serving(database, POLICY_WITH_DRAFTS)
    view = view_fits(await draft_form(service, await declared(service, impact=impact), "customers"))
    assert len(view["private_metadata"]) < 3000
    assert Drawn.read(view["private_metadata"]).audiences == ("customers",)


async def test_the_most_audiences_each_with_the_longest_names_fit_into_the_preview(database: Database) -> None:
    audiences = [
        {"name": name, "channel": f"#{'c' * 78}{n:02}", "hears": ["SEV1"], "then_every_minutes": {"SEV1": 1 + n % 2}}
        for n, name in enumerate(NAMES[:MOST_AUDIENCES])
    ]
    service = await serving(database, policy_with(POLICY_WITH_DRAFTS, audiences=audiences))
    incident = await declared(service)
    written = Written("&" * LIMIT, tuple(NAMES[:MOST_AUDIENCES]))
    view = view_fits(await preview_form(service, incident, written, remark="The incident has moved on."))
    assert all(len(text["text"]) <= SECTION_LIMIT for text in texts(view["blocks"]))
    assert all(name in words(view) for name in NAMES[:MOST_AUDIENCES])
    assert view["blocks"][-1]["elements"][0]["text"] == "The times count from when you send it."


async def test_as_many_readings_as_there_can_be_are_all_shown(database: Database) -> None:
    audiences = [
        {"name": name, "channel": f"#c{n}", "hears": ["SEV1"], "then_every_minutes": {"SEV1": n + 1}}
        for n, name in enumerate(NAMES[:MOST_AUDIENCES])
    ]
    service = await serving(database, policy_with(POLICY_WITH_DRAFTS, audiences=audiences))
    written = Written("x", tuple(NAMES[:MOST_AUDIENCES]))
    view = view_fits(await preview_form(service, await declared(service), written))
    assert len([block for block in view["blocks"] if block["type"] == "divider"]) == MOST_AUDIENCES
