"""`/incident actions`, the buttons of action items and their forms, and App Home. What acts needs no room: it is for afterwards."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.core.decision import Command
from bot.core.delivery import Hopeless, TryAgain
from bot.core.errors import IncidentError
from bot.core.incident import Incident
from bot.core.learning.action_checks import may_be_detailed
from bot.core.learning.action_moves import AcceptAction, AssignAction, FinishAction, OfAction, StartAction, VerifyAction
from bot.core.learning.issues import FollowElsewhere
from bot.core.policy_parts import is_person
from bot.slack.forms.action import ActionForm, DueDateForm, Reworded, WhyForm
from bot.slack.forms.modal import FieldErrors, View
from bot.slack.ids import Drawn, Field, Form
from bot.slack.insisting import insist
from bot.slack.listeners.act import Act
from bot.slack.messages.actions import LISTINGS, MOST, Shown, listed, stands, which_list
from bot.slack.messages.answers import NO_BOT
from bot.slack.messages.home import MOST as MOST_AT_HOME
from bot.slack.messages.home import home
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused

log = structlog.get_logger()

Answer = Message | View | None
GROUP_SECONDS = 1.0
"""How long we ask Slack who is in a group: whoever asks waits meanwhile."""
HOME_SECONDS = 30.0
"""For so long we insist on drawing somebody's App Home."""
HOME = "home"
"""The name of the list that App Home shows."""


async def actions(act: Act, rest: str) -> Message | View:
    """`/incident actions [mine|team|overdue|all]`; alone those of the room's incident, and elsewhere one's own."""
    word = rest.casefold()
    if word in LISTINGS:
        return await _page(act, word, 0)
    if word:
        return which_list(rest)
    found = await act.service.incident_in_room(act.body["channel_id"], viewer=act.person)
    return await _page(act, found.name if found else "mine", 0)


async def show(act: Act, now: Incident) -> Message:
    """`Action items`: those of this incident."""
    return await _page(act, now.name, 0)


async def turn_page(act: Act) -> Message:
    """`Later due`, `Earlier due`: another page of the list that the button names."""
    drawn = act.pressed
    return await _page(act, drawn.listing or "mine", drawn.page)


async def _page(act: Act, listing: str, page: int) -> Message:
    """One page of a list: of somebody's, of a team's, of what is overdue, of all, or of one incident."""
    at = act.service.clock.now()
    if listing not in LISTINGS:
        return await _of_incident(act, int(listing.removeprefix("INC-")), page)
    of = {"mine": (act.person,), "team": await _team(act) if listing == "team" else ()}.get(listing)
    found = await act.service.follow_ups.listed(viewer=act.person, of=of, overdue=listing == "overdue")
    pages = max(1, -(-len(found) // MOST))
    page = min(page, pages - 1)
    shown = await act.service.follow_ups.shown(found[page * MOST : (page + 1) * MOST])
    return listed(listing, [Shown(*one) for one in shown], act.person, at, page=page, pages=pages)


async def _of_incident(act: Act, number: int, page: int) -> Message:
    """All of one incident's, also what is done; another can be added once there is something to learn."""
    now = await act.incident(number)
    policy = await act.service.policy_of(now)
    numbers = range(1, len(now.action_items) + 1)
    pages = max(1, -(-len(numbers) // MOST))
    of = [Shown(now, one, policy) for one in numbers[page * MOST : (page + 1) * MOST]]
    add = Drawn.of(now) if may_be_detailed(now) else None
    return listed(now.name, of, act.person, act.service.clock.now(), page=page, pages=pages, add=add)


async def _team(act: Act) -> tuple[str, ...]:
    """Everybody who is in a user group with this person that the policy names, as far as Slack says so in time; at least they."""
    policy = act.service.policy
    invited = (who for severity in policy.severities for who in severity.invite)
    groups = [who for who in dict.fromkeys([*invited, *policy.escalate_to, *policy.may_redact]) if is_person(who)]
    members = await asyncio.gather(*(_members(act, group) for group in groups))
    mine = [people for people in members if act.person in people]
    return tuple(dict.fromkeys([act.person, *(user for people in mine for user in people)]))


async def _members(act: Act, group: str) -> list[str]:
    try:
        async with asyncio.timeout(GROUP_SECONDS):
            return await act.workspace.directory.users((group,))
    except (Hopeless, SlackApiError, aiohttp.ClientError, OSError, TimeoutError):
        return []


def does(command: Callable[..., OfAction]) -> Callable[[Act], Awaitable[Answer]]:
    """A button that is one command."""

    async def press(act: Act) -> Answer:
        drawn = act.pressed
        return await _done(act, command(origin=act.origin(drawn.number), item=drawn.item or 0), drawn)

    return press


async def take(act: Act) -> Answer:
    """`I take it`: whoever presses has it from now on."""
    drawn = act.pressed
    command = AssignAction(origin=act.origin(drawn.number), item=drawn.item or 0, user=act.person)
    return await _done(act, command, drawn)


async def create_issue(act: Act) -> Answer:
    """`Create issue`: in the first tracker of the policy."""
    drawn = act.pressed
    now = await act.incident(drawn.number)
    policy = await act.service.policy_of(now)
    name = policy.issue_trackers[0].name if policy.issue_trackers else ""
    command = FollowElsewhere(origin=act.origin(drawn.number), item=drawn.item or 0, tracker=name)
    return await _done(act, command, drawn)


async def _done(act: Act, command: OfAction, drawn: Drawn) -> Answer:
    """Handle it; say how the action item stands now, or why not. In App Home the page shows it."""
    outcome = await act.service.handle(command)
    now = await act.incident(drawn.number)
    policy = await act.service.policy_of(now)
    if outcome.refusal:
        return refused(outcome.refusal, now, policy)
    if act.is_at_home:
        act.background.start(publish(act, act.person))
        return None
    return stands(Shown(now, command.item, policy), act.person, act.service.clock.now())


def asks(draw: Callable[[Incident, int, str | None], View]) -> Callable[[Act], Awaitable[Answer]]:
    """A button that opens a form for one action item."""

    async def press(act: Act) -> Answer:
        drawn = act.pressed
        return draw(await act.incident(drawn.number), drawn.item or 0, drawn.listing)

    return press


async def add(act: Act) -> Answer:
    """`Add action item`: the form, also when the incident is over."""
    return ActionForm.view(await act.incident(act.pressed.number))


async def save(act: Act) -> Message | FieldErrors | None:
    """The form that adds or rewords: what is wrong with it, why it may not be done, or nothing when it closes."""
    if act.sent.user(Field.ASSIGNEE) == act.workspace.us:
        return FieldErrors.of(Field.ASSIGNEE, NO_BOT)
    read = ActionForm.parse(act.body["view"], act.origin(act.sent.drawn.number))
    if isinstance(read, FieldErrors):
        return read
    commands: list[Command] = [one for one in read if one] if isinstance(read, Reworded) else [read]
    for command in commands:
        outcome = await act.service.handle(command)
        if outcome.refusal:
            now = await act.incident(act.sent.drawn.number)
            return refused(outcome.refusal, now, await act.service.policy_of(now))
    refresh(act)
    return None


def refresh(act: Act) -> None:
    """Show App Home anew, after a form that was opened there."""
    if act.sent.drawn.listing == HOME:
        act.background.start(publish(act, act.person))


async def home_opened(act: Act) -> None:
    """Somebody opened App Home: it shows what is theirs now."""
    if act.body["event"].get("tab") == HOME:
        act.background.start(publish(act, act.body["event"]["user"]))


async def publish(act: Act, user: str) -> None:
    """Draw App Home of this person, as things stand at each try. Best effort: it is drawn anew whenever it is opened."""
    try:
        await insist(lambda: _draw_home(act, user), within=HOME_SECONDS)
    except (TryAgain, SlackApiError, aiohttp.ClientError, TimeoutError, OSError, IncidentError) as error:
        log.warning("App Home was not drawn", error=repr(error))


async def _draw_home(act: Act, user: str) -> None:
    found = await act.service.follow_ups.listed(viewer=user, of=(user,))
    mine = [Shown(*one) for one in await act.service.follow_ups.shown(found[:MOST_AT_HOME])]
    incidents = await act.service.follow_ups.incidents_of(user, MOST_AT_HOME)
    view = home(user, mine, len(found), incidents, act.service.clock.now())
    await act.client.views_publish(user_id=user, view=view)


accept, start = does(AcceptAction), does(StartAction)
finish, verify = does(FinishAction), does(VerifyAction)
decline = asks(lambda now, item, listing: WhyForm.view(now, item, Form.DECLINE_ACTION, listing=listing))
reopen = asks(lambda now, item, listing: WhyForm.view(now, item, Form.REOPEN_ACTION, listing=listing))
drop = asks(lambda now, item, listing: WhyForm.view(now, item, Form.DROP_ACTION, listing=listing))
move = asks(lambda now, item, listing: DueDateForm.view(now, item, listing=listing))
change = asks(lambda now, item, listing: ActionForm.view(now, item, listing=listing))
