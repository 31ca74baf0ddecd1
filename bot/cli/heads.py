"""What `lockstep audit --slack` adds: the heads that stand in Slack beside the journal. The rooms are read from the journal first,
then what stands in them, and only then what to compare it with: what is posted meanwhile is in the journal by then."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.cli.opening import reading
from bot.settings import SlackAccess
from bot.slack.heads import Head, Heads, NotReadable, reader
from bot.store import heads as journal_heads
from bot.store import queries
from bot.store.audit import Finding
from bot.store.database import Transaction
from bot.store.heads import Compared


@dataclass(frozen=True)
class Shown:
    """What stands in the rooms of one incident: the heads, why rooms cannot be read (each a sentence without its full stop), and
    the events whose heads Slack took before we looked."""

    heads: list[Head] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    delivered: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Seen:
    """All that stands in one workspace, by incident; beside that the channels that our bot opened and the journal did not know,
    each by its id and name. `unseen`: why those could not be looked for."""

    team: str
    shown: Mapping[int, Shown]
    strange: Mapping[tuple[str, str], list[Head]]
    unseen: str | None = None


@dataclass
class Report:
    """What came of it: a line for people each, what is wrong, and how many heads were compared."""

    lines: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    compared: int = 0


async def look(settings: SlackAccess) -> Seen:
    """Read the heads in every room that the journal knows, and in those it does not know. SettingsError when that cannot be."""
    async with reader(settings.slack_bot_token.get_secret_value(), settings.slack_api_url) as slack:
        async with reading(settings.database_url) as tx:
            rooms = await journal_heads.rooms(tx, slack.team)
            delivered = await journal_heads.delivered(tx, slack.team)
        shown = {
            number: await _shown(slack, channels, frozenset(delivered.get(number, ())))
            for number, channels in rooms.items()
        }
        known = {channel for channels in rooms.values() for channel in channels}
        strange, unseen = dict[tuple[str, str], list[Head]](), None
        try:
            for channel, name in (await slack.rooms()).items():
                if channel not in known:
                    strange[channel, name] = await slack.posted_in(channel)
        except NotReadable as error:
            unseen = str(error)
    return Seen(slack.team, shown, strange, unseen)


async def compare(tx: Transaction, seen: Seen) -> Report:
    """Compare what was seen with the journal as it is now."""
    report = Report()
    for number, shown in seen.shown.items():
        heads = {(head.seq, head.hash) for head in shown.heads}
        compared = await journal_heads.compare(tx, seen.team, number, heads)
        report.compared += len(heads)
        report.findings += compared.findings
        report.lines += [f"INC-{number}: {said}." for said in _said(shown, compared)]
    rooms = await journal_heads.rooms(tx, seen.team)
    known = {channel for channels in rooms.values() for channel in channels}
    for (channel, name), found in seen.strange.items():
        if found and channel not in known:
            whose = ", ".join(sorted({head.incident or "an incident" for head in found}))
            what = f"does not know the room #{name}, in which heads of {whose} are posted"
            report.findings.append(Finding(seen.team, None, None, what))
    for team in await queries.teams(tx):
        if team != seen.team:
            report.lines.append(f"The bot token is for {seen.team}: the heads of {team} were not compared.")
    if seen.unseen:
        report.lines.append(f"Rooms that the journal does not know were not looked for: {seen.unseen}.")
    return report


async def _shown(slack: Heads, channels: Mapping[str, str], delivered: frozenset[int]) -> Shown:
    shown = Shown(delivered=delivered)
    for channel, name in channels.items():
        try:
            shown.heads.extend(await slack.posted_in(channel))
        except NotReadable as error:
            shown.closed.append(f"#{name} cannot be checked: {error}")
    return shown


def _said(shown: Shown, compared: Compared) -> list[str]:
    """What is said of one incident, each without its full stop."""
    count = len({head.seq for head in shown.heads})
    heads = {0: "no posted head", 1: "1 posted head"}.get(count, f"{count} posted heads")
    vouched = f"events 1 to {compared.vouched}" if compared.vouched else "none"
    said = [*shown.closed, f"{heads} found; Slack vouches for {vouched} of {compared.events}"]
    missing = sorted(shown.delivered - {head.seq for head in shown.heads})
    if missing and not shown.closed:
        events = ", ".join(map(str, missing))
        said.append(
            f"the heads of these events were posted and do not stand there any more, somebody deleted them: {events}"
        )
    return said
