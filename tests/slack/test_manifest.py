"""The manifest in the repository is the one that the code asks for."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from bot.slack.ids import COMMAND
from bot.slack.manifest import EVENTS, SCOPES, manifest, to_yaml

ROOT = Path(__file__).parent.parent.parent
CALLERS = [ROOT / "bot/app.py", *(ROOT / "bot/slack").rglob("*.py")]
FAMILIES = r"(apps|auth|bookmarks|canvases|chat|conversations|files|pins|reactions|usergroups|users|views)"


def test_the_file_is_what_the_code_prints() -> None:
    assert (ROOT / "manifest.yml").read_text(encoding="utf-8") == to_yaml(), "run `lockstep manifest > manifest.yml`"
    assert yaml.safe_load(to_yaml()) == manifest()


def test_every_method_that_is_called_has_its_scopes_and_no_other() -> None:
    called = {method for path in CALLERS if path.name != "manifest.py" for method in methods_in(path)}
    assert called == set(SCOPES)


def methods_in(path: Path) -> Iterator[str]:
    """The Web API methods a module names, as `chat.postMessage` in a string or as `client.chat_postMessage`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(rf"{FAMILIES}(\.[a-zA-Z]+)+", node.value):
                yield node.value
        elif isinstance(node, ast.Attribute) and re.fullmatch(rf"{FAMILIES}_[a-zA-Z_]+", node.attr):
            yield node.attr.replace("_", ".")


def test_mentions_in_commands_come_as_ids() -> None:
    (command,) = manifest()["features"]["slash_commands"]
    assert command["command"] == COMMAND
    assert command["should_escape"] is True


def test_it_asks_for_the_permissions_that_its_methods_and_events_need_and_for_no_other() -> None:
    needed = (
        {scope for scopes in SCOPES.values() for scope in scopes} | set(filter(None, EVENTS.values())) | {"commands"}
    )
    asked = manifest()["oauth_config"]["scopes"]["bot"]
    assert asked == sorted(needed)


def test_it_subscribes_to_events_that_slack_has() -> None:
    """Slack's documentation of each event, "Required scopes"."""
    documented = {
        "app_home_opened": "",
        "channel_archive": "channels:read",
        "channel_deleted": "channels:read",
        "group_archive": "groups:read",
        "group_deleted": "groups:read",
        "message.channels": "channels:history",
        "message.groups": "groups:history",
        "reaction_added": "reactions:read",
        "reaction_removed": "reactions:read",
    }
    assert documented == EVENTS
    assert manifest()["settings"]["event_subscriptions"] == {"bot_events": sorted(EVENTS)}


def test_it_runs_in_socket_mode_with_buttons_and_without_addresses() -> None:
    settings = manifest()["settings"]
    assert settings["socket_mode_enabled"] and settings["interactivity"]["is_enabled"]
    assert "request_url" not in to_yaml()
