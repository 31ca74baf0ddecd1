"""An app manifest: read from a file, checked to Slack's schema and limits, and installed in the workspace.

From Slack's documentation, "App manifest reference", and its JSON schema. What the schema does not check but Slack needs
(request URLs outside Socket Mode, the scope of commands and shortcuts) is checked too, from memory.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.sandbox.delivery.subscriptions import ALL_EVENTS
from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace.state import Command, MetadataSubscription, RequestUrls, Shortcut
from bot.sandbox.workspace.workspace import Workspace

Url = Annotated[str, Field(max_length=3000, pattern=r"^https?://\S+$")]


class _Part(BaseModel):
    """A part of a manifest; fields that Slack does not know are refused. Those of type Any are known and not read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Display(_Part):
    name: str = Field(min_length=1, max_length=35)
    description: str = Field(default="", max_length=140)
    background_color: str = Field(default="#000000", pattern=r"^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")
    long_description: str | None = Field(default=None, min_length=175, max_length=4000)


class _Command(_Part):
    command: str = Field(min_length=2, max_length=32, pattern=r"^/")
    description: str = Field(min_length=1, max_length=2000)
    usage_hint: str = Field(default="", max_length=1000)
    should_escape: bool = False
    url: Url | Literal[""] = ""


class _Shortcut(_Part):
    name: str = Field(min_length=1, max_length=24)
    type: Literal["global", "message"]
    callback_id: str = Field(min_length=1, max_length=255)
    description: str = Field(min_length=1, max_length=150)


class _Home(_Part):
    home_tab_enabled: bool = False
    messages_tab_enabled: bool = False
    messages_tab_read_only_enabled: bool = False


class _BotUser(_Part):
    display_name: str = Field(min_length=1, max_length=80)
    always_online: bool = False


class _Features(_Part):
    app_home: _Home = _Home()
    bot_user: _BotUser | None = None
    slash_commands: list[_Command] = Field(default=[], max_length=50)
    shortcuts: list[_Shortcut] = Field(default=[], max_length=10)
    unfurl_domains: Any = None
    assistant_view: Any = None
    agent_view: Any = None
    workflow_steps: Any = None
    functions: Any = None


_Scopes = Annotated[list[Annotated[str, Field(max_length=50)]], Field(max_length=255)]


class _ScopeLists(_Part):
    bot: _Scopes = []
    user: _Scopes = []
    bot_optional: _Scopes = []
    user_optional: _Scopes = []


class _OAuth(_Part):
    scopes: _ScopeLists = _ScopeLists()
    redirect_urls: Any = None
    token_management_enabled: Any = None
    pkce_enabled: Any = None


class _Metadata(_Part):
    app_id: str
    event_type: str

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        """Only one of the two may stand for all."""
        if self.app_id == self.event_type == "*":
            raise ValueError("only one of app_id and event_type may be *")
        return self


class _Subscriptions(_Part):
    request_url: Url | Literal[""] = ""
    bot_events: list[str] = Field(default=[], max_length=100)
    user_events: list[str] = Field(default=[], max_length=100)
    metadata_subscriptions: list[_Metadata] = Field(default=[], max_length=20)


class _Interactivity(_Part):
    is_enabled: bool
    request_url: Url | Literal[""] = ""
    message_menu_options_url: Url | Literal[""] = ""


class _Settings(_Part):
    event_subscriptions: _Subscriptions = _Subscriptions()
    interactivity: _Interactivity = _Interactivity(is_enabled=False)
    socket_mode_enabled: bool = False
    incoming_webhooks: Any = None
    org_deploy_enabled: Any = None
    token_rotation_enabled: Any = None
    is_hosted: Any = None
    allowed_ip_address_ranges: Any = None
    siws_links: Any = None
    hermes_app_type: Any = None
    function_runtime: Any = None
    is_mcp_enabled: Any = None


class Manifest(_Part):
    """What an app is and may do."""

    display_information: _Display
    features: _Features = _Features()
    oauth_config: _OAuth = _OAuth()
    settings: _Settings = _Settings()
    schema_address: Any = Field(default=None, alias="$schema")
    metadata: Any = Field(default=None, alias="_metadata")
    app_directory: Any = None
    functions: Any = None
    workflows: Any = None
    datastores: Any = None
    outgoing_domains: Any = None
    types: Any = None
    external_auth_providers: Any = None
    mcp_servers: Any = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        """Commands and shortcuts have their scope; the app can be reached for all that it wants to hear."""
        if (self.features.slash_commands or self.features.shortcuts) and "commands" not in self.oauth_config.scopes.bot:
            raise ValueError("commands and shortcuts need the bot scope `commands`")
        if not self.settings.socket_mode_enabled and (missing := list(self._missing_urls())):
            raise ValueError(f"without Socket Mode these need a request URL: {', '.join(missing)}")
        return self

    def _missing_urls(self) -> list[str]:
        """What an app outside Socket Mode could not be told."""
        subscriptions, interactivity = self.settings.event_subscriptions, self.settings.interactivity
        missing = [command.command for command in self.features.slash_commands if not command.url]
        if (subscriptions.bot_events or subscriptions.metadata_subscriptions) and not subscriptions.request_url:
            missing.append("settings.event_subscriptions")
        if interactivity.is_enabled and not interactivity.request_url:
            missing.append("settings.interactivity")
        return missing

    @property
    def urls(self) -> RequestUrls | None:
        """Where the app is told things; None in Socket Mode."""
        if self.settings.socket_mode_enabled:
            return None
        interactivity = self.settings.interactivity
        return RequestUrls(
            events=self.settings.event_subscriptions.request_url,
            interactivity=interactivity.request_url,
            options=interactivity.message_menu_options_url,
        )

    @property
    def never_sent(self) -> list[str]:
        """The events that it subscribes to and the sandbox cannot bring about."""
        return sorted(set(self.settings.event_subscriptions.bot_events) - ALL_EVENTS)


def load(path: Path) -> Json:
    """The manifest in a file of YAML or JSON, not yet checked. ValueError, in a sentence, when there is none."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    except yaml.YAMLError as error:
        raise ValueError(f"{path} is neither YAML nor JSON: {' '.join(str(error).split())}") from None
    if not isinstance(found, dict):
        raise ValueError(f"{path} holds no manifest, which is an object with display_information.")
    return found


def with_request_url(manifest: Json, url: str) -> Json:
    """The same app outside Socket Mode, told everything at one address, as Bolt's own server takes it. ValueError, in
    sentences, for a manifest that Slack would refuse.
    """
    app = checked(manifest | {"settings": (manifest.get("settings") or {}) | {"socket_mode_enabled": True}})
    found = app.model_dump(exclude_unset=True, by_alias=True)
    for command in found.get("features", {}).get("slash_commands", []):
        command["url"] = url
    settings = found["settings"] | {"socket_mode_enabled": False}
    if "event_subscriptions" in settings:
        settings["event_subscriptions"]["request_url"] = url
    if app.settings.interactivity.is_enabled:
        settings["interactivity"] |= {"request_url": url, "message_menu_options_url": url}
    return {**found, "settings": settings}


def checked(manifest: Json) -> Manifest:
    """A manifest that Slack would take. ValueError, in a sentence a fault, otherwise."""
    try:
        return Manifest.model_validate(manifest)
    except ValidationError as error:
        faults = (_fault(".".join(str(part) for part in one["loc"]), one["msg"]) for one in error.errors())
        raise ValueError(f"Slack would refuse this manifest. {' '.join(dict.fromkeys(faults))}") from None


def _fault(place: str, message: str) -> str:
    """One fault with its place, if it has one."""
    said = message.removeprefix("Value error, ")
    return f"{place}: {said}." if place else f"{said[0].upper()}{said[1:]}."


def install(workspace: Workspace, manifest: Manifest) -> None:
    """Make the workspace's app what a manifest says: its name, commands, shortcuts, scopes, subscriptions, addresses."""
    app, features, settings = workspace.app, manifest.features, manifest.settings
    app.name = manifest.display_information.name
    app.scopes = frozenset(manifest.oauth_config.scopes.bot)
    app.events = frozenset(settings.event_subscriptions.bot_events) & ALL_EVENTS
    app.metadata_subscriptions = tuple(
        MetadataSubscription(**one.model_dump()) for one in settings.event_subscriptions.metadata_subscriptions
    )
    app.commands = tuple(Command(**command.model_dump()) for command in features.slash_commands)
    app.shortcuts = tuple(
        Shortcut(name=one.name, kind=one.type, callback_id=one.callback_id, description=one.description)
        for one in features.shortcuts
    )
    app.home_tab = features.app_home.home_tab_enabled
    app.interactive = settings.interactivity.is_enabled
    app.urls = manifest.urls
    workspace.name_bot(features.bot_user.display_name if features.bot_user else app.name)
    workspace.changed()
