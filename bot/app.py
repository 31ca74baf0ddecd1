"""The composition root: builds everything once, starts it in order and stops it in the reverse order, in one `async with`.

Slack or the database out of reach at start is waited out: an incident tool must not die in an outage. What only a person can
mend (a refused token, a policy that cannot be used) raises an IncidentError that says how.
"""

import asyncio
import logging
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass

import aiohttp
import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.bookcase import read_shelf
from bot.calling.caller import Caller
from bot.calling.fetching import Fetcher
from bot.calling.secrets import Secrets
from bot.calls import Calls
from bot.clock import Clock, FollowedClock, RealClock, wire
from bot.core.delivery import Hopeless
from bot.core.errors import PolicyError, SettingsError
from bot.core.hosts import Host
from bot.core.policy import Policy
from bot.exposition import Exposition
from bot.files import read_policy
from bot.illustrating import Illustrator
from bot.issues.calls import Caller as IssueCaller
from bot.issues.gateway import IssueGateway
from bot.outbox import Outbox
from bot.prometheus import Prometheus
from bot.service import POLICY, Service
from bot.settings import Settings
from bot.slack.arrival import meet
from bot.slack.catching_up import CatchUp
from bot.slack.directory import Directory
from bot.slack.failures import error_code
from bot.slack.gateway import SlackGateway
from bot.slack.listeners import register
from bot.slack.listeners.act import Workspace
from bot.slack.sockets import Sockets
from bot.slack.weekly import WeeklySummaries
from bot.store import documents, pacing
from bot.store.database import Database
from bot.store.signals import Signals
from bot.store.timers import due_timers
from bot.timers import Timers
from bot.tuning import PRODUCTION, Tuning
from bot.watching import Watch
from bot.web import Health, Web
from bot.writing_up import Writer

log = structlog.get_logger()

CALL_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 5.0
REFUSED = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type"}
BAD_DATABASE = (
    "password authentication failed",
    "does not exist",
    "unable to open database file",
    "file is not a database",
    "no password supplied",
)


@dataclass(frozen=True)
class Us:
    """Who Slack says we are."""

    team: str
    user: str
    bot: str
    workspace: str
    """The address of the workspace, ending in a slash."""


class App:
    """Lockstep, running. `async with App(settings) as app` returns once it serves people."""

    def __init__(self, settings: Settings, tuning: Tuning = PRODUCTION) -> None:
        self._settings, self._tuning = settings, tuning
        self._stack = AsyncExitStack()
        self._fetcher = Fetcher()
        self.health = Health()

    async def __aenter__(self) -> "App":
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _start(self) -> None:
        enter = self._stack.enter_async_context
        settings = self._settings
        self.web = await enter(Web(settings.lockstep_host, settings.lockstep_port, self.health))
        self.clock: Clock = RealClock()
        if settings.lockstep_clock:
            self.clock = await enter(FollowedClock(settings.lockstep_clock))
        self.database = await self._open_database()
        self._stack.push_async_callback(self.database.close)
        file_policy = await self._read_policy()
        self.client = await self._make_client()
        us = await self._greet_slack()
        policy = await self._adopt(us.team, file_policy)
        self.service = Service(
            self.database,
            self.clock,
            us.team,
            policy,
            settings.lockstep_playbooks,
            shelf=await asyncio.to_thread(read_shelf, settings.lockstep_playbooks, policy),
            checkpoint=self._tuning.checkpoint,
            commit_seconds=self._tuning.commit_seconds,
        )
        await self._start_outbox(us)
        self.timers = await enter(Timers(self.database, self.service, self.clock))
        self.watch = await enter(Watch(self.database, self.service, self.clock, self._prometheus()))
        self.service.on_commit = self._look_again
        await enter(Signals(self.database, self._on_signal))
        self.catch_up = await enter(CatchUp(self.client, self.service, us.user, us.workspace))
        self.service.on_thread = self.catch_up.wake
        self.weekly = await enter(WeeklySummaries(self.client, Directory(self.client), self.service))
        if isinstance(self.clock, FollowedClock):
            self.clock.on_jump = self._on_jump
        await self._listen(us)
        self.web.metrics = Exposition(self.database, self.service, self.clock, self.health).text
        self.health.waiting_for.pop("start")
        log.info("Lockstep is ready", team=us.team)

    def _on_signal(self) -> None:
        """A bot on the same database committed something."""
        self.service.notice()
        self._look_again()

    def _look_again(self) -> None:
        """After a commit: effects may wait, and something may already be due."""
        self.outbox.wake()
        self.timers.wake()
        self.watch.wake()

    def _on_jump(self) -> None:
        """Much may be due at once."""
        self.timers.wake()
        self.watch.wake()

    def _prometheus(self) -> Prometheus | None:
        """Where numbers are asked for, if anywhere."""
        url = self._settings.lockstep_prometheus_url
        return Prometheus(url, self._fetcher, self._settings.lockstep_prometheus_token) if url else None

    async def is_idle(self) -> bool:
        """True when no effect waits, nothing is due, and no thread is to be read."""
        async with self.database.read() as tx:
            due = await due_timers(tx, self.clock.now())
        is_quiet = not due and self.catch_up.is_idle and self.watch.is_idle
        return is_quiet and await self.outbox.is_idle() and await self.weekly.is_idle()

    # The database and the policy

    async def _open_database(self) -> Database:
        """Open and migrate, waiting for a database that is out of reach."""
        pause = 0.5
        while True:
            try:
                database = await Database.open(self._settings.database_url)
            except (SQLAlchemyError, OSError) as error:
                reason = str(error).splitlines()[0]
                if any(sign in reason for sign in BAD_DATABASE):
                    raise SettingsError(f"DATABASE_URL does not work: {reason}") from None
                pause = await self._wait_for("database", reason, pause)
            else:
                self.health.waiting_for.pop("database", None)
                self.health.checks["database"] = database.fault
                return database

    async def _read_policy(self) -> Policy | PolicyError:
        """The policy of the files, or why it cannot be used. Raises when there is no earlier one to run on with."""
        try:
            return read_policy(self._settings.lockstep_playbooks)
        except PolicyError as error:
            async with self.database.read() as tx:
                if not await documents.any_adopted(tx, POLICY):
                    raise
            return error

    async def _adopt(self, team: str, found: Policy | PolicyError) -> Policy:
        """Make the file's policy the current one; when it cannot be used, run on with the last that could, and say so."""
        if isinstance(found, Policy):
            async with self.database.write() as tx:
                await documents.keep_document(tx, team, POLICY, found.hash, found.canonical())
                await documents.adopt(tx, team, POLICY, found.hash, self.clock.now())
            return found
        async with self.database.read() as tx:
            hash = await documents.adopted(tx, team, POLICY)
            content = await documents.document(tx, team, hash) if hash else None
        if content is None:
            raise found
        log.error("the policy cannot be used; running on with the last that could", error=str(found))
        self.health.warnings["policy"] = str(found)
        return Policy.model_validate_json(content)

    # Slack

    async def _make_client(self) -> AsyncWebClient:
        """One client on one session. The SDK's own retry is off: it would post twice."""
        session = await self._stack.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))
        )
        return AsyncWebClient(
            token=self._settings.slack_bot_token.get_secret_value(),
            base_url=self._settings.slack_api_url,
            session=session,
            retry_handlers=[],
        )

    async def _greet_slack(self) -> Us:
        """Ask Slack who we are, waiting while it is out of reach. A refused token is a SettingsError."""
        pause = 0.5
        while True:
            name = "SLACK_BOT_TOKEN"
            try:
                who = await self.client.auth_test()
                if token := self._settings.slack_app_token:
                    name = "SLACK_APP_TOKEN"
                    await self.client.apps_connections_open(app_token=token.get_secret_value())
            except SlackApiError as error:
                if error_code(error) in REFUSED:
                    raise SettingsError(f"{name}: Slack refuses it ({error_code(error)}). Copy it again.") from None
                pause = await self._wait_for("slack", error_code(error), pause)
            except (aiohttp.ClientError, OSError) as error:
                pause = await self._wait_for("slack", str(error) or type(error).__name__, pause)
            else:
                self.health.waiting_for.pop("slack", None)
                return Us(team=who["team_id"], user=who["user_id"], bot=who["bot_id"], workspace=who["url"])

    async def _wait_for(self, part: str, reason: str, pause: float) -> float:
        """Say once what we wait for, wait, and return how long to wait the next time."""
        if self.health.waiting_for.get(part) != reason:
            log.warning(f"{part} is out of reach, trying again", reason=reason)
        self.health.waiting_for[part] = reason
        await asyncio.sleep(pause)
        return min(LONGEST_WAIT_SECONDS, pause * 2)

    async def _start_outbox(self, us: Us) -> None:
        self.directory = Directory(self.client)
        await self._meet_workspace(self.directory)
        illustrator = Illustrator(self.service.measuring, self.directory.names)
        self._stack.push_async_callback(illustrator.close)
        gateway = SlackGateway(
            self.client,
            self.directory,
            us.user,
            us.workspace,
            pace=self._pace,
            pace_edits=self._pace_edits,
            is_bound=self._is_bound,
            playbook_of=self.service.playbook_of,
            draw=illustrator,
            write=Writer(self.database, self.directory.names),
            checkpoint=self._tuning.checkpoint,
        )
        secrets = Secrets(self._settings.lockstep_secret)
        issues = IssueGateway(gateway, IssueCaller(self._fetcher, secrets), self._may_call, self._tuning.checkpoint)
        self.outbox = Outbox(
            self.database,
            Calls(
                issues,
                Caller(self._fetcher, secrets),
                self.service.playbook_of,
                self._may_call,
                checkpoint=self._tuning.checkpoint,
            ),
            self.service,
            self.clock,
            checkpoint=self._tuning.checkpoint,
            lease_seconds=self._tuning.lease_seconds,
            look_seconds=self._tuning.look_seconds,
            longest_backoff_seconds=self._tuning.longest_backoff_seconds,
        )
        task = asyncio.create_task(self.outbox.run(), name="outbox")

        async def stop() -> None:
            self.outbox.stop()
            await task

        self._stack.push_async_callback(stop)

    def _may_call(self) -> tuple[Host, ...]:
        """The hosts that the policy lets be called now."""
        return self.service.policy.may_call

    async def _pace(self, channel: str) -> float:
        """The seconds a post to the channel must wait; zero also takes the slot. Shared by all bots."""
        tuning = self._tuning
        async with self.database.write() as tx:
            return await pacing.pace(
                tx, self.service.team, channel, wire(), tuning.post_interval_seconds, tuning.post_burst
            )

    async def _pace_edits(self, message: str) -> float:
        """The seconds an edit of this message must wait; zero also takes the slot."""
        async with self.database.write() as tx:
            return await pacing.pace(
                tx, self.service.team, message, wire(), self._tuning.edit_interval_seconds, burst=1
            )

    async def _is_bound(self, channel: str) -> bool:
        return await self.service.incident_in_room(channel, viewer="") is not None

    async def _meet_workspace(self, directory: Directory) -> None:
        self.health.warnings |= await meet(self.client, directory, self.service.policy)
        if "policy" in self.health.warnings:
            await self._say_policy_is_bad(directory)

    async def _say_policy_is_bad(self, directory: Directory) -> None:
        text = (
            f"Lockstep runs on with the previous policy, the new one cannot be used: {self.health.warnings['policy']}"
        )
        with suppress(SlackApiError, aiohttp.ClientError, OSError, Hopeless):
            channel = await directory.channel(self.service.policy.announce_in)
            await self.client.chat_postMessage(channel=channel, text=text, parse="none")

    async def _listen(self, us: Us) -> None:
        """Register the listeners and open the way in: Socket Mode, or HTTP on /slack/events."""
        secret = self._settings.slack_signing_secret
        known = AuthorizeResult(
            enterprise_id=None, team_id=us.team, bot_user_id=us.user, bot_id=us.bot, bot_token=self.client.token
        )

        async def authorize() -> AuthorizeResult:
            return known

        slack = AsyncApp(
            client=self.client,
            authorize=authorize,
            signing_secret=secret.get_secret_value() if secret else None,
            process_before_response=True,
            logger=logging.getLogger("slack_bolt.lockstep"),
        )
        background = register(slack, self.service, Workspace(self.directory, us.user, us.workspace))
        self._stack.push_async_callback(background.close)
        if token := self._settings.slack_app_token:
            sockets = Sockets(
                slack,
                token.get_secret_value(),
                count=self._settings.lockstep_connections,
                ping_seconds=self._tuning.ping_interval_seconds,
                on_hello=self.catch_up.wake,
            )
            self.health.checks["slack"] = sockets.fault
            await self._stack.enter_async_context(sockets)
        else:
            self.web.slack = slack
