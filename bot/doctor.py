"""`lockstep doctor`: what keeps Lockstep from working here, and how to mend each, before an incident shows it.

Looks at the settings, the policy, the database, what playbooks call and Slack, changes nothing, and says of each what it found.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.calling.fetching import Fetcher, NotSent
from bot.calling.secrets import Secrets
from bot.clock import RealClock
from bot.core.delivery import Hopeless
from bot.core.errors import PolicyError
from bot.core.hosts import PORTS, Host, Target
from bot.core.policy import Policy
from bot.core.policy_parts import is_person
from bot.files import read_policy
from bot.prometheus import Prometheus
from bot.settings import Settings
from bot.slack.directory import Directory
from bot.slack.failures import error_code
from bot.slack.manifest import EVENTS, SCOPES
from bot.store.database import Database
from bot.store.migrations import NewerDatabase
from bot.store.triggers import TriggerMissing

CALL_SECONDS = 10.0
MOST_CONNECTIONS = 5
"""Slack allows an app ten connections at a time; when bots are replaced the old and the new ones are connected at once."""


@dataclass(frozen=True)
class Symptom:
    """One thing that was looked at: `what`, and when it is not well how to mend it (None: it is well)."""

    what: str
    mend: str | None = None

    def __str__(self) -> str:
        return f"✗ {self.what}. {self.mend}" if self.mend else f"✓ {self.what}"


async def examine(settings: Settings, bots: int = 1) -> AsyncIterator[Symptom]:
    """Everything that was looked at, for `bots` bots with these settings."""
    yield connections(bots, settings)
    policy, symptom = _policy(settings)
    yield symptom
    yield await _database(settings, bots)
    async for symptom in _outside(settings, policy):
        yield symptom
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS)) as session:
        client = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            session=session,
            retry_handlers=[],
        )
        async for symptom in _slack(client, settings, policy):
            yield symptom


def connections(bots: int, settings: Settings) -> Symptom:
    """Whether so many bots may connect at once."""
    if not settings.socket_mode:
        return Symptom("Slack reaches the bot over HTTP")
    count = bots * settings.lockstep_connections
    if count <= MOST_CONNECTIONS:
        return Symptom(f"{count} Socket Mode connections of at most {MOST_CONNECTIONS}")
    mend = "Slack allows ten an app, and a rolling restart needs room. Lower LOCKSTEP_CONNECTIONS, or run fewer bots."
    return Symptom(f"{bots} bots with {settings.lockstep_connections} connections each make {count}", mend)


def _policy(settings: Settings) -> tuple[Policy | None, Symptom]:
    """The policy, if it can be used."""
    try:
        policy = read_policy(settings.lockstep_playbooks)
    except PolicyError as error:
        return None, Symptom("The policy cannot be used", str(error))
    counted = f"{len(policy.severities)} severities, {len(policy.audiences)} audiences"
    return policy, Symptom(f"The policy is good: {counted}")


async def _database(settings: Settings, bots: int) -> Symptom:
    """Whether the journal can be opened, is protected, and serves so many bots."""
    if bots > 1 and settings.database_url.startswith("sqlite:"):
        return Symptom(f"{bots} bots cannot share SQLite", "Set DATABASE_URL=postgresql://… for several bots.")
    try:
        database = await Database.open(settings.database_url)
    except TriggerMissing as error:
        return Symptom("The journal is not protected", str(error))
    except NewerDatabase as error:
        return Symptom("The database is of a newer version", str(error))
    except (SQLAlchemyError, OSError) as error:
        return Symptom("The database cannot be opened", f"Check DATABASE_URL: {str(error).splitlines()[0]}")
    await database.close()
    return Symptom("The database can be opened, and the journal is protected")


async def _outside(settings: Settings, policy: Policy | None) -> AsyncIterator[Symptom]:
    """What playbooks call and ask: that the hosts of the policy lead to where they may, that their secrets are set, and that
    Prometheus answers."""
    fetcher, secrets = Fetcher(), Secrets(settings.lockstep_secret)
    for host in policy.may_call if policy else ():
        yield await _host(fetcher, host)
        for name in host.secrets:
            if not secrets.has(name):
                mend = f"Put LOCKSTEP_SECRET__{name} into the environment or .env, or take the name out of may_call in policy.yml."
                yield Symptom(f"The secret {name}, for {host.host}, is not set", mend)
    if settings.lockstep_prometheus_url:
        asked = Prometheus(settings.lockstep_prometheus_url, fetcher, settings.lockstep_prometheus_token)
        found = await asked.now("vector(1)", RealClock().now())
        wrong = f"Check LOCKSTEP_PROMETHEUS_URL and LOCKSTEP_PROMETHEUS_TOKEN: {found.said}." if found.lack else None
        yield Symptom("Prometheus cannot be asked" if wrong else "Prometheus answers", wrong)


async def _host(fetcher: Fetcher, host: Host) -> Symptom:
    """Whether its name leads to addresses that may be called. Nothing is sent there."""
    try:
        await fetcher.addresses(Target(host, "https", host.port or PORTS["https"]))
    except NotSent as error:
        mend = "Change it in may_call of policy.yml, or have its name mended; `internal: true` is for private networks."
        return Symptom(f"Playbooks cannot call {host.host}: {error}", mend)
    return Symptom(f"Playbooks can call {host.host}")


async def _slack(client: AsyncWebClient, settings: Settings, policy: Policy | None) -> AsyncIterator[Symptom]:
    try:
        who = await client.auth_test()
    except SlackApiError as error:
        yield Symptom(
            f"Slack refuses SLACK_BOT_TOKEN ({error_code(error)})",
            "Copy the bot token (xoxb-…) again, from OAuth & Permissions of your Slack app.",
        )
        return
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        yield Symptom("Slack is out of reach", f"Check the network and SLACK_API_URL: {error!r}.")
        return
    yield Symptom(f"Slack knows the bot token: {who['user']} in {who['team']}")
    missing = missing_scopes(who.headers)
    for scope, methods in missing.items():
        yield Symptom(
            f"The permission {scope} is missing, for {', '.join(methods)}",
            "Add it under OAuth & Permissions, Bot Token Scopes, and install the app again; `lockstep manifest` has all.",
        )
    if not missing:
        yield Symptom("Slack has granted every permission of the manifest")
    if settings.slack_app_token:
        yield await _app_token(client, settings.slack_app_token.get_secret_value())
    if policy:
        async for symptom in _names(client, policy):
            yield symptom


def missing_scopes(headers: Any) -> dict[str, list[str]]:
    """Which permissions are not granted, by the header in which Slack names those that are, and what needs each."""
    header = next((str(value) for name, value in headers.items() if name.lower() == "x-oauth-scopes"), None)
    if header is None:
        return {}
    granted = {scope.strip() for scope in header.split(",")}
    needed = [(scope, method) for method, scopes in SCOPES.items() for scope in scopes]
    needed += [(scope, f"the event {event}") for event, scope in EVENTS.items() if scope]
    missing: dict[str, list[str]] = {}
    for scope, method in sorted([*needed, ("commands", "/incident")]):
        if scope not in granted:
            missing.setdefault(scope, []).append(method)
    return missing


async def _app_token(client: AsyncWebClient, token: str) -> Symptom:
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        mend = "Under Basic Information, App-Level Tokens, make one with the scope connections:write, and copy it."
        return Symptom(f"Slack refuses SLACK_APP_TOKEN ({error_code(error)})", mend)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        return Symptom("Slack is out of reach", f"Check the network: {error!r}.")
    return Symptom("Slack knows the app-level token, and lets it connect")


async def _names(client: AsyncWebClient, policy: Policy) -> AsyncIterator[Symptom]:
    """The channels and groups that the policy names."""
    directory = Directory(client)
    for name in policy.channels:
        yield await _channel(client, directory, name)
    for who in policy.invited([severity.name for severity in policy.severities]):
        yield await _people(directory, who, "be invited", "whom the severities invite")
    for who in filter(is_person, policy.may_redact):
        yield await _people(directory, who, "redact", "who may redact")

    for audience in policy.audiences:
        for who in audience.people:
            yield await _reader(directory, who, audience.name)


async def _reader(directory: Directory, who: str, audience: str) -> Symptom:
    """Whether somebody who is to read direct messages can."""
    try:
        await directory.reached((who,))
    except (Hopeless, SlackApiError) as error:
        reason = error_code(error) if isinstance(error, SlackApiError) else str(error)
        return Symptom(
            f"{who} cannot be sent direct messages: {reason}", f"Change the people of {audience} in policy.yml."
        )
    return Symptom(f"{who} can be sent direct messages")


async def _people(directory: Directory, who: str, what: str, where: str) -> Symptom:
    """Whether these people are there, who are to do this; `where` the policy names them."""
    try:
        await directory.ids((who,))
    except (Hopeless, SlackApiError) as error:
        reason = error_code(error) if isinstance(error, SlackApiError) else str(error)
        return Symptom(f"{who} cannot {what}: {reason}", f"Change {where} in policy.yml.")
    return Symptom(f"{who} can {what}")


async def _channel(client: AsyncWebClient, directory: Directory, name: str) -> Symptom:
    mend = "Create it or change its name in policy.yml; invite Lockstep if it is private."
    try:
        answer = await client.conversations_info(channel=await directory.channel(name))
    except Hopeless as error:
        return Symptom(f"{name}: {error}", mend)
    except SlackApiError as error:
        return Symptom(f"{name} cannot be used ({error_code(error)})", mend)
    found = answer["channel"]
    if found.get("is_archived"):
        return Symptom(f"{name} is archived", "Unarchive it, or change its name in policy.yml.")
    if found.get("is_private") and not found.get("is_member"):
        return Symptom(f"{name} is private, and Lockstep is not in it", "Invite Lockstep there.")
    return Symptom(f"{name} is there")
