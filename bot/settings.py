"""Every environment variable there is, read once. A line for each stands in `.env.example`."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.core.errors import SettingsError
from bot.prometheus import place

Kind = TypeVar("Kind", bound=BaseSettings)


_READ = SettingsConfigDict(
    env_file=".env",
    env_ignore_empty=True,
    extra="ignore",
    frozen=True,
    env_nested_delimiter="__",
    env_nested_max_split=1,
)
"""An empty variable counts as unset."""


class Outside(BaseSettings):
    """What playbooks reach outside Slack: where numbers are asked for, and the secrets of calls."""

    model_config = _READ

    lockstep_prometheus_url: str | None = None
    lockstep_prometheus_token: SecretStr | None = None
    lockstep_secret: dict[str, SecretStr] = {}

    @model_validator(mode="after")
    def _measures(self) -> Self:
        """Prometheus can be asked at its address."""
        if self.lockstep_prometheus_url:
            try:
                place(self.lockstep_prometheus_url)
            except ValueError as error:
                raise ValueError(f"LOCKSTEP_PROMETHEUS_URL: {error}") from None
        return self


class Storage(BaseSettings):
    """Where the journal lies: all that commands need which only read it."""

    model_config = _READ

    database_url: str = "sqlite:///lockstep.db"

    @model_validator(mode="after")
    def _known(self) -> Self:
        """The database is one we know, and its address can be read."""
        if not self.database_url.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("DATABASE_URL must start with sqlite:/// or postgresql://")
        try:
            make_url(self.database_url)
        except (ArgumentError, ValueError):
            raise ValueError("DATABASE_URL must be an address such as postgresql://user:word@host:5432/name") from None
        return self


class SlackAccess(Storage):
    """The same, and how Slack is asked: for commands that compare the two."""

    slack_bot_token: SecretStr
    slack_api_url: str = "https://slack.com/api/"

    @model_validator(mode="after")
    def _asks_slack(self) -> Self:
        """The bot token is of the right kind, Slack's address is one."""
        _starts("SLACK_BOT_TOKEN", self.slack_bot_token, "xoxb-", "the bot token, under OAuth & Permissions")
        if not self.slack_api_url.startswith(("https://", "http://")):
            raise ValueError("SLACK_API_URL must start with https://")
        return self


class Settings(SlackAccess, Outside):
    """All settings of a running bot."""

    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    lockstep_connections: Annotated[int, Field(ge=1, le=5)] = 2
    lockstep_playbooks: Path = Path("playbooks")
    lockstep_host: str = "127.0.0.1"
    lockstep_port: Annotated[int, Field(ge=0, le=65535)] = 3000
    lockstep_log: Literal["console", "json"] = "console"
    lockstep_clock: str | None = None

    @model_validator(mode="after")
    def _usable(self) -> Self:
        """There is a way in."""
        if self.slack_app_token:
            _starts("SLACK_APP_TOKEN", self.slack_app_token, "xapp-", "an app-level token with connections:write")
        elif not self.slack_signing_secret:
            raise ValueError(
                "SLACK_APP_TOKEN is not set. Give it for Socket Mode (an app-level token, xapp-…), "
                "or SLACK_SIGNING_SECRET for HTTP."
            )
        return self

    @property
    def socket_mode(self) -> bool:
        """True when Slack reaches us over Socket Mode, False over HTTP."""
        return self.slack_app_token is not None


class GivenSettings(Settings):
    """Settings of which only what is given counts, neither the environment nor `.env`: for a bot that is not the operator's."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given, and nothing else."""
        return (init_settings,)


def _starts(name: str, token: SecretStr, prefix: str, what: str) -> None:
    if not token.get_secret_value().startswith(prefix):
        raise ValueError(f"{name} must start with {prefix}: it is {what} in your Slack app's settings.")


def read_settings() -> Settings:
    """The settings from the environment and `.env`. SettingsError names the first that is missing or wrong and how to mend it."""
    return _read(Settings)


def read_storage() -> Storage:
    """Where the journal lies, from the environment and `.env`. SettingsError as for `read_settings`."""
    return _read(Storage)


def read_slack_access() -> SlackAccess:
    """Where the journal lies and how Slack is asked, from the environment and `.env`. SettingsError as for `read_settings`."""
    return _read(SlackAccess)


def read_outside() -> Outside:
    """What a playbook may reach from a sandbox: only what the environment says, since what lies in `.env` is the operator's own.
    SettingsError as for `read_settings`."""
    return _read(Outside, _env_file=None)


def _read(kind: type[Kind], **how: Any) -> Kind:
    try:
        return kind(**how)
    except ValidationError as error:
        raise SettingsError(_first_sentence(error)) from None


def _first_sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    name = "_".join(str(part) for part in first["loc"]).upper()
    if first["type"] == "missing":
        return f"{name} is not set. Copy .env.example to .env and fill it in; the README says where Slack shows it."
    message = first["msg"].removeprefix("Value error, ")
    return f"{name}: {message}." if name else message
