"""Installing an app by its manifest: what of it counts, and what Slack would refuse."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.sandbox import Sandbox
from bot.sandbox.manifest import checked, load, with_request_url
from tests.sandbox.lunch import MANIFEST

URL = "https://lunch.example/slack/events"


def changed(path: str, value: Any) -> dict[str, Any]:
    """The lunch app's manifest with one thing in it changed; `path` as in "features.shortcuts.0.name"."""
    manifest: Any = deepcopy(MANIFEST)
    *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
    place = manifest
    for part in way:
        place = place.setdefault(part, {}) if isinstance(place, dict) else place[part]
    place[last] = value
    return dict(manifest)


async def test_the_app_is_what_its_manifest_says(tmp_path: Path):
    for name, text in (("lunch.json", json.dumps(MANIFEST)), ("lunch.yml", yaml.safe_dump(MANIFEST))):
        (tmp_path / name).write_text(text)
        app = Sandbox(manifest=load(tmp_path / name)).platform.app
        assert (app.name, app.home_tab, app.urls) == ("Lunch", True, None)
        assert [(command.command, command.should_escape) for command in app.commands] == [
            ("/lunch", True),
            ("/echo", False),
        ]
        assert [(one.name, one.kind, one.callback_id) for one in app.shortcuts] == [
            ("Propose a place", "global", "propose"),
            ("Keep for later", "message", "keep"),
        ]
        assert app.scopes == frozenset({"app_mentions:read", "chat:write", "commands", "reactions:read"})
        assert app.events == {"app_home_opened", "app_mention", "reaction_added"}


async def test_the_bot_bears_the_name_it_is_given():
    workspace = Sandbox(manifest=MANIFEST).workspace
    assert (workspace.bot.real_name, workspace.bot.name) == ("Lunch Bot", "lunchbot")
    assert workspace.user_named("@lunchbot") is workspace.bot
    assert workspace.user_named("@lockstep") is None


def test_one_address_may_take_everything():
    app = checked(with_request_url(MANIFEST, URL))
    assert app.urls is not None
    assert (app.urls.events, app.urls.interactivity, app.urls.options) == (URL, URL, URL)
    assert [command.url for command in app.features.slash_commands] == [URL, URL]


def test_what_the_sandbox_cannot_bring_about_is_named():
    subscribed = changed("settings.event_subscriptions.bot_events", ["link_shared", "app_mention"])
    assert checked(subscribed).never_sent == ["link_shared"]
    assert Sandbox(manifest=subscribed).platform.app.events == {"app_mention"}


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("display_information.name", "x" * 36, "display_information.name: String should have at most 35 characters."),
        ("display_information.long_description", "short", "at least 175 characters."),
        ("features.slash_commands.0.command", "lunch", "features.slash_commands.0.command: "),
        ("features.shortcuts.0.name", "x" * 25, "features.shortcuts.0.name: String should have at most 24"),
        ("features.shortcuts.0.type", "channel", "features.shortcuts.0.type: Input should be 'global' or 'message'."),
        ("features.shortcuts", [MANIFEST["features"]["shortcuts"][0]] * 11, "features.shortcuts: List should have at"),
        ("oauth_config.scopes.bot", ["chat:write"], "Commands and shortcuts need the bot scope `commands`."),
        (
            "settings.socket_mode_enabled",
            False,
            "Without Socket Mode these need a request URL: /lunch, /echo, settings.",
        ),
        ("settings.event_subscriptions.request_url", "lunch.example", "settings.event_subscriptions.request_url."),
        ("settings.hobby", "chess", "settings.hobby: Extra inputs are not permitted."),
        (
            "settings.event_subscriptions.metadata_subscriptions",
            [{"app_id": "*", "event_type": "*"}],
            "settings.event_subscriptions.metadata_subscriptions.0: only one of app_id and event_type may be *.",
        ),
    ],
)
def test_a_manifest_that_slack_would_refuse_is_refused_with_the_place(path: str, value: Any, sentence: str):
    with pytest.raises(ValueError, match=r"^Slack would refuse this manifest\. ") as refusal:
        Sandbox(manifest=changed(path, value))
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(None, "cannot be read: No such file"), ("a: [", "is neither YAML nor JSON"), ("- a", "holds no manifest")],
)
def test_a_file_that_holds_no_manifest_is_refused(tmp_path: Path, text: str | None, sentence: str):
    if text is not None:
        (tmp_path / "manifest.yml").write_text(text)
    with pytest.raises(ValueError, match=sentence):
        load(tmp_path / "manifest.yml")
