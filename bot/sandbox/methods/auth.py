"""auth.test, apps.connections.open, team.info and bots.info: who the app is and how it connects."""

from __future__ import annotations

from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.workspace.objects import bot_json


def test(call: Call) -> Json:
    """Who this token belongs to."""
    team = call.workspace.team
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": call.bot.name,
        "team_id": team.id,
        "user_id": call.bot.id,
        "bot_id": call.bot.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Json:
    """A one-use address for a Socket Mode connection."""
    return {"url": call.platform.socket_url()}


def team_info(call: Call) -> Json:
    """The workspace's own name tag."""
    team = call.workspace.team
    if call.args.text("team", team.id) != team.id or call.args.text("domain", team.domain) != team.domain:
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "domain": team.domain,
            "email_domain": "",
            "icon": {"image_default": True},
        }
    }


def bot_info(call: Call) -> Json:
    """The app's own bot, the only one there is."""
    if call.args.text("bot", call.platform.app.bot_id) != call.platform.app.bot_id:
        raise SlackError("bot_not_found")
    return {"bot": bot_json(call.workspace)}


METHODS = {
    "auth.test": Method(run=test, tier=Tier.SPECIAL),
    "apps.connections.open": Method(run=open_connection, app_token=True),
    "team.info": Method(run=team_info, scopes=("team:read",), errors="team_not_found"),
    "bots.info": Method(run=bot_info, scopes=("users:read",), json=False, errors="bot_not_found"),
}
