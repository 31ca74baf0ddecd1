"""1. `/incident declare`: at once, without a form; the same words twice are one incident."""

import re

from bot.app import App
from bot.sandbox import Person, Sandbox
from bot.sandbox.delivery import payloads
from bot.sandbox.workspace import channels
from tests.stories.steps import declares, everything_is_delivered, room_of


async def test_declaring_answers_at_once_and_the_link_to_the_room_follows(sandbox: Sandbox, alice: Person):
    answer = await alice.types("/incident declare Checkout is failing for some customers", in_="#general")
    assert answer is not None and "INC-1 is declared" in answer.text
    link = await alice.sees("Its room is open: #inc-1-checkout-is-failing-for-some-customers", in_="#general")
    assert link.ephemeral
    assert not any("INC-1" in text for text in sandbox.person("bob").reads("#general"))


async def test_without_a_severity_it_is_unset_and_counts_as_sev2(sandbox: Sandbox, alice: Person):
    room = await declares(sandbox, alice, "Search is slow")
    await alice.sees("not set, treated as SEV2", in_=room)


async def test_a_first_word_that_is_a_severity_sets_it(sandbox: Sandbox, alice: Person):
    room = await declares(sandbox, alice, "sev1 Nobody can pay")
    card = await alice.sees("INC-1: Nobody can pay", in_=room)
    assert "Severity\nSEV1" in card.text


async def test_without_words_a_form_of_three_fields_opens(sandbox: Sandbox, alice: Person):
    await alice.types("/incident declare", in_="#general")
    form = await alice.gets_form()
    assert form.labels == ["What is wrong?", "Who is affected?", "What can they not do?"]
    await alice.fills({"What is wrong?": "Search is slow", "Who is affected?": "Some people"})
    assert list(await alice.submits()) == ["What can they not do?"]
    await alice.fills({"What can they not do?": "It is slower than usual"})
    assert await alice.submits() == {}
    room = await room_of(sandbox, alice, 1)
    assert "Severity\nSEV3" in (await alice.sees("INC-1: Search is slow", in_=room)).text


async def test_a_severity_without_words_counts_and_the_two_questions_can_still_be_answered(
    sandbox: Sandbox, alice: Person
):
    await alice.types("/incident declare sev1", in_="#general")
    form = await alice.gets_form()
    assert form.labels == ["What is wrong?", "Who is affected?", "What can they not do?"]
    assert "You typed SEV1. It counts unless you answer both questions." in form.text
    await alice.fills({"What is wrong?": "Nobody can pay"})
    assert await alice.submits() == {}
    room = await room_of(sandbox, alice, 1)
    assert "Severity\nSEV1" in (await alice.sees("INC-1: Nobody can pay", in_=room)).text


async def test_an_empty_form_is_not_sent(alice: Person):
    await alice.types("/incident declare", in_="#general")
    await alice.gets_form()
    assert list(await alice.submits()) == ["What is wrong?"]


async def test_the_same_words_within_two_minutes_show_the_first_incident(sandbox: Sandbox, bot: App, alice: Person):
    await declares(sandbox, alice, "Search is slow")
    again = await alice.types("/incident declare Search is slow", in_="#general")
    assert again is not None and "INC-1" in again.text and "INC-2" not in again.text
    await alice.presses("Declare another", in_="#general")
    await room_of(sandbox, alice, 2)


async def test_the_same_words_later_or_from_somebody_else_are_another_incident(
    sandbox: Sandbox, alice: Person, bob: Person
):
    await declares(sandbox, alice, "Search is slow")
    await declares(sandbox, bob, "Search is slow")
    sandbox.clock.advance(121)
    answer = await alice.types("/incident declare Search is slow", in_="#general")
    assert answer is not None and "INC-3 is declared" in answer.text


async def test_a_declaration_that_slack_delivers_twice_is_one_incident(sandbox: Sandbox, bot: App, alice: Person):
    channel = sandbox.workspace.channel_named("#general")
    assert channel is not None
    trigger = sandbox.platform.triggers.issue(alice.id)
    payload = payloads.slash_command(
        sandbox.workspace,
        alice.user,
        channel,
        sandbox.workspace.app.commands[0],
        "declare Search is slow",
        trigger_id=trigger,
        response_url=sandbox.platform.reply_url(user=alice.id, channel=channel.id),
    )
    answers = [await sandbox.hub.deliver("slash_commands", payload) for _ in range(2)]
    assert all("INC-1 is declared" in str(answer) for answer in answers)
    await everything_is_delivered(bot, sandbox)
    assert [name for name in alice.channels if name.startswith("#inc-")] == ["#inc-1-search-is-slow"]


def parsed_texts(part: object) -> list[str]:
    """Every text of a message in which Slack would look for mentions: all but plain_text objects."""
    if isinstance(part, list):
        return [text for inner in part for text in parsed_texts(inner)]
    if not isinstance(part, dict) or part.get("type") == "plain_text":
        return []
    own = [part["text"]] if isinstance(part.get("text"), str) else []
    return own + [text for inner in part.values() for text in parsed_texts(inner)]


async def test_what_people_type_pings_nobody_and_is_shown_as_typed(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 <!channel> & @here *all* `down`")
    await everything_is_delivered(bot, sandbox)
    for channel in (room, "#incidents", "#exec-updates"):
        for message in alice.messages(channel):
            assert not any("<!channel>" in text for text in parsed_texts(message.raw))
    assert "INC-1: <!channel> & @here *all* `down`" in (await alice.sees("we must know:", in_=room)).text


async def test_a_title_of_any_length_is_accepted_and_the_rooms_name_stays_within_slacks_80(
    sandbox: Sandbox, alice: Person
):
    room = await declares(sandbox, alice, "x" * 3000)
    assert len(room.removeprefix("#")) <= 80


async def test_a_name_that_is_taken_by_somebody_else_gets_a_suffix(sandbox: Sandbox, alice: Person, bob: Person):
    channels.create(sandbox.workspace, "inc-1-search-is-slow", bob.id)
    room = await declares(sandbox, alice, "Search is slow")
    assert re.fullmatch(r"#inc-1-search-is-slow-2", room)
