"""What people do in the workspace, and what comes of it: typing, commands, buttons, forms. The page and the test driver
both act through this file alone.

What the app answers is applied as Slack's client would. From Slack's
documentation, "Implementing slash commands", "Handling user interaction" and "Modals".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from bot.sandbox.arguments import Args, content, has_content
from bot.sandbox.blocks.elements import Placed, action_item, find, initial_values
from bot.sandbox.delivery import payloads
from bot.sandbox.delivery.acknowledgement import NotAcknowledged
from bot.sandbox.errors import SlackError
from bot.sandbox.ids import envelope_id
from bot.sandbox.jsontypes import Json
from bot.sandbox.people.choices import Refused, Spot, choose, look_up, suggestions
from bot.sandbox.platform import Platform
from bot.sandbox.views import view_json
from bot.sandbox.workspace import channels, posting
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.mrkdwn import typed
from bot.sandbox.workspace.pictures import check_message
from bot.sandbox.workspace.posting import Author, Content
from bot.sandbox.workspace.state import Channel, Command, User

__all__ = ["Answer", "Interactions", "Refused"]

SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person was shown in answer to a command. `error` is operation_timeout or dispatch_failed when the app did
    not take it.
    """

    message: Message
    error: str | None = None

    @property
    def text(self) -> str:
        """Its text."""
        return self.message.text

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return self.message.blocks or []


class Interactions:
    """The deeds of people outside forms. Each needs a person who may do it, and raises Refused otherwise."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._workspace = platform.workspace
        self._states: dict[tuple[str, str, str], dict[str, Json]] = {}
        self._suggested: dict[tuple[str, str, str, str], dict[str, Json]] = {}

    async def say(self, user: User, channel: Channel, text: str, *, thread_ts: str | None = None) -> Answer | None:
        """Send what a person typed: a message, or a slash command, whose answer is returned."""
        self._check_member(user, channel)
        if text.startswith("/"):
            if thread_ts is not None:
                raise Refused(f"{text.split()[0]} cannot be used in a thread. Type it in the channel.")
            return await self.command(user, channel, text)
        if not text.strip():
            raise Refused("There is nothing to send.")
        author = Author(user=user.id, client_msg_id=envelope_id())
        posting.post(self._workspace, channel, author, Content(text=typed(self._workspace, text)), thread_ts=thread_ts)
        return None

    async def command(self, user: User, channel: Channel, line: str) -> Answer | None:
        """Run a slash command and show what the app answers, or why it did not."""
        name, _, text = line.partition(" ")
        command = self._command(name)
        escaped = typed(self._workspace, text.strip()) if command.should_escape else text.strip()
        url = self._platform.reply_url(user=user.id, channel=channel.id)
        trigger = self._platform.triggers.issue(user.id, channel.id)
        payload = payloads.slash_command(
            self._workspace, user, channel, command, escaped, trigger_id=trigger, response_url=url
        )
        try:
            answer = await self._platform.delivery.deliver("slash_commands", payload)
        except NotAcknowledged as failure:
            return self._failed(user, channel, f'{name} failed with the error "{failure.reason}".', failure.reason)
        return self._show(user, channel, line, answer or {})

    def _command(self, name: str) -> Command:
        """The app's command of this name."""
        commands = self._platform.app.commands
        for command in commands:
            if command.command == name:
                return command
        raise Refused(
            f"{name} is not a valid command. There is: {', '.join(command.command for command in commands) or 'none'}."
        )

    def _show(self, user: User, channel: Channel, line: str, answer: Json) -> Answer | None:
        """Show the message in an acknowledgement: to everybody, after the command itself, or to this person only."""
        args = Args(answer)
        if not has_content(args):
            return None
        try:
            said = content(args)
            check_message(self._workspace, said.blocks)
        except SlackError as refusal:
            return self._failed(
                user, channel, f'{line.split()[0]} failed with the error "{refusal.code}".', refusal.code
            )
        if args.text("response_type") == "in_channel":
            posting.post(self._workspace, channel, Author(user=user.id), Content(text=typed(self._workspace, line)))
            author = Author(user=self._platform.app.bot_user, by_app=True)
            return Answer(message=posting.post(self._workspace, channel, author, said))
        return Answer(message=posting.post_ephemeral(self._workspace, channel, said, viewer=user.id))

    def _failed(
        self, user: User, channel: Channel, sentence: str, error: str, *, thread_ts: str | None = None
    ) -> Answer:
        """Tell a person, as Slackbot, that something did not work."""
        said = Content(text=sentence)
        message = posting.post_ephemeral(
            self._workspace, channel, said, viewer=user.id, thread_ts=thread_ts, author=SLACKBOT
        )
        return Answer(message=message, error=error)

    async def act(
        self, user: User, channel: Channel, ts: str, block_id: str, action_id: str, choice: Any = None
    ) -> None:
        """Press a button of a message, or choose in one of its menus. NotAcknowledged when the app did not take it; the
        person is told.
        """
        message, spot = self._spot(user, channel, ts, block_id, action_id)
        await look_up(self._platform, spot, choice)
        state = choose(self._workspace, spot, choice)
        values = self._states.setdefault((user.id, channel.id, ts), {})
        if state is not None:
            values.setdefault(block_id, {})[action_id] = state
        action = self._action(spot.placed, state, choice)
        ephemeral = message.visible_to is not None
        url = self._platform.reply_url(
            user=user.id, channel=channel.id, message_ts=ts, thread_ts=message.thread_ts, ephemeral=ephemeral
        )
        payload = payloads.message_actions(
            self._workspace,
            user,
            channel,
            message,
            action=action,
            values=_merged(initial_values(message.blocks or [], conversation=channel.id), values),
            trigger_id=self._platform.triggers.issue(user.id, channel.id),
            response_url=url,
        )
        try:
            await self._platform.delivery.deliver("interactive", payload)
        except NotAcknowledged as failure:
            sentence = f'{self._platform.app.name} did not answer: "{failure.reason}". Please try again.'
            self._failed(user, channel, sentence, failure.reason, thread_ts=message.thread_ts)
            raise

    async def suggest(self, user: User, channel: Channel, ts: str, block_id: str, action_id: str, text: str) -> Json:
        """What the app offers for a text typed into an external select of a message. NotAcknowledged when it does not
        answer.
        """
        return await suggestions(self._platform, self._spot(user, channel, ts, block_id, action_id)[1], text)

    def _spot(self, user: User, channel: Channel, ts: str, block_id: str, action_id: str) -> tuple[Message, Spot]:
        """A message and one of its elements, in front of this person. Refused when it is gone, or not for them."""
        message = channel.log.find(ts, viewer=user.id)
        placed = find(message.blocks or [], block_id, action_id) if message is not None else None
        if message is None or placed is None or not channel.visible_to(user.id):
            raise Refused("This message has changed meanwhile. Please look again.")
        if user.id not in placed.element.get("visible_to_user_ids", [user.id]):
            raise Refused("This button is for others.")

        def suggestion(text: str) -> Json:
            return payloads.message_suggestion(
                self._workspace, user, channel, message, block_id=block_id, action_id=action_id, value=text
            )

        suggested = self._suggested.setdefault((user.id, ts, block_id, action_id), {})
        return message, Spot(user, placed, suggestion, suggested)

    def _action(self, placed: Placed, state: Json | None, choice: Any) -> Json:
        """What the app is told of one press."""
        try:
            return action_item(placed, action_ts=f"{self._workspace.clock.epoch():.6f}", state=state, choice=choice)
        except ValueError as mistake:
            raise Refused(str(mistake)) from None

    def join(self, user: User, channel: Channel) -> None:
        """Enter a public channel."""
        if not channel.visible_to(user.id) or channel.kind != "channel":
            raise Refused("This channel is not open to you.")
        if channel.is_archived:
            raise Refused(f"#{channel.name} is archived.")
        if user.id not in channel.members:
            channels.join(self._workspace, channel, user.id)

    def leave(self, user: User, channel: Channel) -> None:
        """Leave a channel."""
        if channel.is_general:
            raise Refused("Nobody can leave #general.")
        if user.id in channel.members:
            channels.leave(self._workspace, channel, user.id)

    def manage(self, user: User, channel: Channel, change: Callable[[], None]) -> None:
        """Carry out what only members may do to a channel: rename, archive, delete."""
        if user.id not in channel.members:
            raise Refused(f"You are not in #{channel.name}. Join it first.")
        try:
            change()
        except SlackError as refusal:
            raise Refused(f"#{channel.name} stays as it is: {refusal.code}.") from None

    def react(self, user: User, channel: Channel, ts: str, name: str, *, add: bool = True) -> None:
        """Add or take back a reaction."""
        message = channel.log.find(ts)
        if message is None or not channel.visible_to(user.id):
            raise Refused("Reactions go to messages that everybody sees, and this is none.")
        try:
            (posting.react if add else posting.unreact)(self._workspace, channel, message, user.id, name.strip(":"))
        except SlackError as refusal:
            raise Refused(f"This reaction did not work: {refusal.code}.") from None

    def edit(self, user: User, channel: Channel, ts: str, text: str) -> None:
        """Change what one's own message says."""
        message = self._own(user, channel, ts)
        try:
            posting.edit(self._workspace, channel, message, Content(text=typed(self._workspace, text)), editor=user.id)
        except SlackError as refusal:
            raise Refused(f"This edit did not work: {refusal.code}.") from None

    def erase(self, user: User, channel: Channel, ts: str) -> None:
        """Delete one's own message."""
        posting.delete(self._workspace, channel, self._own(user, channel, ts))

    def _own(self, user: User, channel: Channel, ts: str) -> Message:
        """A message that this person wrote."""
        message = channel.log.find(ts)
        if message is None or message.user != user.id or message.by_app:
            raise Refused("People change their own messages only.")
        return message

    def open_home(self, user: User, tab: Literal["home", "messages"] = "home") -> None:
        """Look at a tab of the app's Home, which the app hears of, together with what it published there."""
        app = self._platform.app
        if tab == "home" and not app.home_tab:
            raise Refused(f"{app.name} has no Home tab.")
        direct = channels.open_direct(self._workspace, frozenset({user.id, app.bot_user}), user.id)
        event: Json = {"type": "app_home_opened", "user": user.id, "channel": direct.id, "tab": tab}
        home = self._platform.views.home(user.id)
        if tab == "home" and home is not None:
            event["view"] = view_json(self._workspace, home)
        self._workspace.announce(event)

    def _check_member(self, user: User, channel: Channel) -> None:
        """Refuse people who are not in the conversation, and everybody when it is archived."""
        if user.id not in channel.members:
            raise Refused(f"You are not in #{channel.name}. Join it first.")
        if channel.is_archived:
            raise Refused(f"#{channel.name} is archived.")


def _merged(initial: dict[str, Json], values: dict[str, Json]) -> dict[str, Json]:
    """state.values of a message: what it started with, and what this person chose since, for the elements it has now."""
    return {
        block: {action: values.get(block, {}).get(action, state) for action, state in actions.items()}
        for block, actions in initial.items()
    }
