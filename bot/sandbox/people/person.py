"""The test driver: a person of the workspace who types, presses, fills in and reads. Looks only at what this person can
see, acts only as a person can.

Reads well in stories:  alice = sandbox.person("alice");  await alice.presses("Advance to Triage", in_=room).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot.sandbox.blocks.elements import EXTERNAL, PRESSED, Placed, interactive, options_of
from bot.sandbox.blocks.render import message_text
from bot.sandbox.blocks.words import Reader
from bot.sandbox.jsontypes import Json
from bot.sandbox.people import shortcuts
from bot.sandbox.people.forms import Forms
from bot.sandbox.people.interactions import Answer, Interactions
from bot.sandbox.people.open_form import Form, choice_in, names_of
from bot.sandbox.platform import Platform
from bot.sandbox.workspace import channels
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.objects import message_json
from bot.sandbox.workspace.state import Channel, User
from bot.sandbox.workspace.workspace import Workspace

T = TypeVar("T")


class Stage(Protocol):
    """What a person needs of the sandbox: its parts, and waiting for a change."""

    platform: Platform
    workspace: Workspace
    interactions: Interactions
    forms: Forms

    async def until(self, predicate: Callable[[], T | None], *, within: float = 5.0) -> T:
        """Wait until the predicate is true after a change of the workspace."""
        ...

    async def idle(self, *, within: float = 5.0) -> None:
        """Wait until nothing is on the wire."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A message as somebody sees it: where, when, as plain text, and Slack's JSON of it (with its metadata)."""

    channel: Channel
    ts: str
    text: str
    raw: Json
    ephemeral: bool
    thread_ts: str | None


class Person:
    """One person at work."""

    def __init__(self, sandbox: Stage, user: User) -> None:
        self.sandbox = sandbox
        self._platform = sandbox.platform
        self._workspace = sandbox.workspace
        self._interactions = sandbox.interactions
        self._forms = sandbox.forms
        self.user = user
        self.id = user.id
        self.name = user.name

    def __repr__(self) -> str:
        """For messages of failing tests."""
        return f"Person({self.name!r})"

    async def types(self, text: str, *, in_: str | Channel, thread: Seen | None = None) -> Answer | None:
        """Type a message, or a slash command; returns what the command's acknowledgement showed."""
        thread_ts = None if thread is None else thread.thread_ts or thread.ts
        return await self._interactions.say(self.user, self._channel(in_), text, thread_ts=thread_ts)

    async def presses(
        self,
        button: str,
        *,
        in_: str | Channel | None = None,
        on: Seen | None = None,
        confirm: bool = True,
        within: float = 5.0,
    ) -> None:
        """Press the button with this label: in the open form, on the Home tab ("home"), on this message, or on the newest
        that has it, for which one waits. If it asks, `confirm` it or decline.

        AssertionError, listing the labels that are there, when there is none, and for declining where nothing is asked;
        NotAcknowledged when the app did not take it.
        """
        await self._acts(button, button, in_, PRESSED, on, confirm=confirm, within=within)

    async def chooses(self, menu: str, option: Any, *, in_: str | Channel | None = None, confirm: bool = True) -> None:
        """Choose in the menu, picker or set of checkboxes known by its placeholder, its text or its input label. If it
        asks, `confirm` or decline.
        """
        await self._acts(menu, option, in_, None, confirm=confirm)

    async def _acts(
        self,
        wanted: str,
        option: Any,
        in_: str | Channel | None,
        kinds: frozenset[str] | None,
        on: Seen | None = None,
        *,
        confirm: bool,
        within: float = 5.0,
    ) -> None:
        """Find an element and use it, unless its question is declined."""
        form = self.home if in_ == "home" else self.form if in_ is None and on is None else None
        if form is not None:
            placed = form.find(wanted, kinds)
            if _declined(placed, confirm):
                return
            await self._forms.act(
                self.user, form.view.id, placed.block_id, placed.action_id, choice_in(self._workspace, placed, option)
            )
            return
        where = on.channel if on else in_
        with suppress(TimeoutError):
            await self._workspace.changes.until(lambda: self._is_there(wanted, where, kinds, on), within=within)
        channel, message, placed = self._on_a_message(wanted, where, kinds, on)
        if _declined(placed, confirm):
            return
        choice = choice_in(self._workspace, placed, option)
        await self._interactions.act(self.user, channel, message.ts, placed.block_id, placed.action_id, choice)

    async def searches(self, menu: str, text: str, *, in_: str | Channel | None = None) -> list[str]:
        """Type into an external select of a message; returns what the app offers for it. NotAcknowledged when it did not
        answer properly.
        """
        channel, message, placed = self._on_a_message(menu, in_, EXTERNAL, None)
        suggested = await self._interactions.suggest(
            self.user, channel, message.ts, placed.block_id, placed.action_id, text
        )
        return [str(option["text"]["text"]) for option in options_of(suggested)]

    async def uses_shortcut(self, name: str, *, on: Seen | None = None) -> None:
        """Use the global shortcut of this name, or the message shortcut on a message. NotAcknowledged when the app did
        not take it, AssertionError when there is none.
        """
        kind = "global" if on is None else "message"
        offered = {one.name: one.callback_id for one in self._platform.app.shortcuts if one.kind == kind}
        if name not in offered:
            raise AssertionError(f"There is no {kind} shortcut {name!r}, but: {', '.join(offered) or 'none'}.")
        if on is None:
            await shortcuts.use_anywhere(self._platform, self.user, offered[name])
        else:
            await shortcuts.use_on_message(self._platform, self.user, on.channel, on.ts, offered[name])

    def _is_there(self, wanted: str, in_: str | Channel | None, kinds: frozenset[str] | None, on: Seen | None) -> bool:
        """Whether this person sees an element so labelled."""
        try:
            self._on_a_message(wanted, in_, kinds, on)
        except AssertionError:
            return False
        return True

    def _on_a_message(
        self, wanted: str, in_: str | Channel | None, kinds: frozenset[str] | None, on: Seen | None
    ) -> tuple[Channel, Message, Placed]:
        """The newest visible message, or that one, with an element so labelled."""
        places = list(self._channels()) if in_ is None else [self._channel(in_)]
        found: list[str] = []
        messages = [
            (message, channel)
            for channel in places
            for message in channel.log.seen_by(self.id)
            if on is None or message.ts == on.ts
        ]
        for message, channel in sorted(messages, key=lambda pair: pair[0].ts, reverse=True):
            for placed in interactive(message.blocks or []):
                if kinds is None or placed.element["type"] in kinds:
                    if wanted in names_of(placed):
                        return channel, message, placed
                    found.append(names_of(placed)[0])
        where = "any channel" if in_ is None else f"#{places[0].name}"
        raise AssertionError(
            f"{self.name} sees no {wanted!r} in {where}. There is: {', '.join(dict.fromkeys(found)) or 'nothing to press'}."
        )

    @property
    def form(self) -> Form | None:
        """The form that is open, the topmost if several are."""
        view = self._platform.views.top(self.id)
        return None if view is None else Form(self._workspace, view, self.reader())

    @property
    def home(self) -> Form | None:
        """The Home tab that the app published for this person."""
        view = self._platform.views.home(self.id)
        return None if view is None else Form(self._workspace, view, self.reader())

    async def gets_form(self, title: str | None = None, *, within: float = 5.0) -> Form:
        """Wait until a form (of this title) is open, and return it."""

        def opened() -> Form | None:
            form = self.form
            return form if form is not None and title in (None, form.title) else None

        try:
            return await self._workspace.changes.until(opened, within=within)
        except TimeoutError:
            shown = "no form" if self.form is None else f"the form {self.form.title!r}"
            raise AssertionError(
                f"{self.name} waited for a form{f' titled {title!r}' if title else ''} and sees {shown}."
            ) from None

    async def fills(self, values: dict[str, Any]) -> None:
        """Fill fields of the open form by their labels; options by their text, people by @name, several as a list,
        files as pairs of name and bytes.
        """
        for name in values:
            form = self._open_form()
            placed = form.find(name, None)
            choice = choice_in(self._workspace, placed, values[name])
            await self._forms.act(self.user, form.view.id, placed.block_id, placed.action_id, choice)

    async def submits(self) -> dict[str, str]:
        """Send the open form; returns its errors by label, none when it was accepted."""
        form = self._open_form()
        errors = await self._forms.submit(self.user, form.view.id)
        return {form.label_of(block_id): text for block_id, text in errors.items()}

    async def closes(self, *, whole_stack: bool = False) -> None:
        """Dismiss the open form, or all that lie on each other."""
        await self._forms.close(self.user, self._open_form().view.id, whole_stack=whole_stack)

    def _open_form(self) -> Form:
        """The open form. AssertionError when there is none."""
        form = self.form
        if form is None:
            raise AssertionError(f"{self.name} has no form open.")
        return form

    async def joins(self, channel: str | Channel) -> None:
        """Enter a public channel."""
        self._interactions.join(self.user, self._channel(channel))

    async def leaves(self, channel: str | Channel) -> None:
        """Leave a channel."""
        self._interactions.leave(self.user, self._channel(channel))

    async def renames(self, channel: str | Channel, name: str) -> None:
        """Give a channel another name."""
        self._manages(channels.rename, channel, name)

    async def archives(self, channel: str | Channel) -> None:
        """Archive a channel, which puts the bot out of it."""
        self._manages(channels.archive, channel)

    async def unarchives(self, channel: str | Channel) -> None:
        """Bring an archived channel back."""
        self._manages(channels.unarchive, channel)

    async def deletes(self, channel: str | Channel) -> None:
        """Remove a channel for good."""
        self._manages(channels.delete, channel)

    def _manages(self, change: Callable[..., None], channel: str | Channel, *arguments: str) -> None:
        """Change a channel as one of its members."""
        found = self._channel(channel)
        self._interactions.manage(self.user, found, lambda: change(self._workspace, found, self.id, *arguments))

    async def reacts(self, name: str, *, to: Seen) -> None:
        """Add a reaction to a message."""
        self._interactions.react(self.user, to.channel, to.ts, name)

    async def unreacts(self, name: str, *, to: Seen) -> None:
        """Take a reaction back."""
        self._interactions.react(self.user, to.channel, to.ts, name, add=False)

    async def edits(self, message: Seen, text: str) -> None:
        """Change what one's own message says."""
        self._interactions.edit(self.user, message.channel, message.ts, text)

    async def erases(self, message: Seen) -> None:
        """Delete one's own message."""
        self._interactions.erase(self.user, message.channel, message.ts)

    async def opens_home(self) -> None:
        """Look at the app's Home tab."""
        self._interactions.open_home(self.user)

    async def sees_home(self, wanted: str, *, within: float = 5.0) -> Form:
        """Wait until the Home tab contains the text, and return it."""

        def shown() -> Form | None:
            home = self.home
            return home if home is not None and wanted in home.text else None

        try:
            return await self._workspace.changes.until(shown, within=within)
        except TimeoutError:
            read = "nothing" if self.home is None else f"\n{self.home.text}"
            raise AssertionError(f"{self.name} does not see {wanted!r} on the Home tab, but: {read}") from None

    @property
    def channels(self) -> list[str]:
        """The names, with "#", of the channels this person is in and that are not archived."""
        return [
            f"#{channel.name}" for channel in self._channels() if channel.kind == "channel" and not channel.is_archived
        ]

    def messages(self, channel: str | Channel) -> list[Seen]:
        """Every message this person can see in a channel, replies in threads and ephemeral ones included, oldest first."""
        where = self._channel(channel)
        return [self._seen(where, message, self.reader()) for message in where.log.seen_by(self.id)]

    def reads(self, channel: str | Channel) -> list[str]:
        """What this person reads in a channel, oldest first."""
        return [seen.text for seen in self.messages(channel)]

    async def sees(self, wanted: str | re.Pattern[str], *, in_: str | Channel, within: float = 5.0) -> Seen:
        """Wait until a message visible to this person contains the text or matches the pattern, and return the newest
        that does.
        """
        try:
            return await self._workspace.changes.until(lambda: self._newest(wanted, in_), within=within)
        except TimeoutError:
            pattern = wanted.pattern if isinstance(wanted, re.Pattern) else wanted
            read = "\n".join(f"  · {text}" for text in self._reads_if_there(in_)) or "  (nothing)"
            raise AssertionError(
                f"{self.name} does not see {pattern!r} in {_where(in_)} within {within:g} s, but:\n{read}"
            ) from None

    def _newest(self, wanted: str | re.Pattern[str], in_: str | Channel) -> Seen | None:
        """The newest visible message that contains what is wanted; None while there is none, or no such channel."""
        channel = self._find_channel(in_)
        if channel is None:
            return None
        reader = self.reader()
        for message in reversed(channel.log.seen_by(self.id)):
            seen = self._seen(channel, message, reader)
            if _says(seen.text, wanted):
                return seen
        return None

    def _reads_if_there(self, in_: str | Channel) -> list[str]:
        """What is read in a channel, nothing when there is no such channel."""
        return [] if self._find_channel(in_) is None else self.reads(in_)

    def _seen(self, channel: Channel, message: Message, reader: Reader) -> Seen:
        """A message as this person sees it."""
        raw = message_json(self._workspace, message, metadata=True)
        return Seen(
            channel=channel,
            ts=message.ts,
            text=message_text(raw, reader),
            raw=raw,
            ephemeral=message.visible_to is not None,
            thread_ts=message.thread_ts,
        )

    def reader(self) -> Reader:
        """For whom, where and when things are rendered."""
        return Reader(zone=ZoneInfo(self.user.tz), now=self._workspace.clock.epoch(), name_of=self._workspace.name_of)

    def _channels(self) -> Iterator[Channel]:
        """The conversations this person is in."""
        return self._workspace.channels_of(self.id)

    def _find_channel(self, channel: str | Channel) -> Channel | None:
        """The conversation meant by a name or id, if this person may know of it."""
        if isinstance(channel, str):
            found = self._workspace.channels.get(channel) or self._workspace.channel_named(channel)
            return found if found is not None and found.visible_to(self.id) else None
        return channel

    def _channel(self, channel: str | Channel) -> Channel:
        """The same, which must be there. AssertionError listing the channels otherwise."""
        found = self._find_channel(channel)
        if found is None:
            known = ", ".join(
                f"#{one.name}"
                for one in self._workspace.channels.values()
                if one.kind == "channel" and one.visible_to(self.id)
            )
            raise AssertionError(f"{self.name} knows no channel {channel!r}. There is: {known}.")
        return found


def _declined(placed: Placed, confirm: bool) -> bool:
    """Whether a person who is asked says no. AssertionError when nothing asks."""
    if not confirm and "confirm" not in placed.element:
        raise AssertionError(f"{names_of(placed)[0]!r} asks nothing that could be declined.")
    return not confirm


def _where(channel: str | Channel) -> str:
    """The name of a channel for a sentence."""
    return channel if isinstance(channel, str) else f"#{channel.name}"


def _says(text: str, wanted: str | re.Pattern[str]) -> bool:
    """Whether a text contains what is wanted, word for word or as a pattern."""
    return wanted.search(text) is not None if isinstance(wanted, re.Pattern) else wanted in text
