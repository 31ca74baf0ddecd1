"""Stand-ins of GitHub, GitLab and Jira: real HTTP servers with as much of their APIs as Lockstep calls, from memory of their public
documentation. They can lose answers, be busy and break, before or after they have created an issue."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from yarl import URL

TOKEN = "a-token"
PROJECT = {"github": "shop/checkout", "gitlab": "shop/checkout", "jira": "SHOP"}


class StandIn:
    """One tracker. `faults` are what goes wrong with the next attempts to create an issue, one each."""

    def __init__(self, kind: str) -> None:
        self.kind, self.api = kind, ""
        self.issues: list[str] = []
        self.faults: list[str] = []
        self.refused_tokens = 0
        self.asked: list[str] = []

    @property
    def policy(self) -> dict[str, str]:
        """How a policy names it."""
        api = f"{self.api}/api/v4" if self.kind == "gitlab" else self.api
        return {
            "name": self.kind,
            "kind": self.kind,
            "api": api,
            "project": PROJECT[self.kind],
            "token": "TRACKER_TOKEN",
        }

    @property
    def policies(self) -> dict[str, Any]:
        """The parts of a policy that name it, and let it be called."""
        url = URL(self.api)
        host = {"host": url.host, "port": url.port, "internal": True, "secrets": ["TRACKER_TOKEN"]}
        return {"issue_trackers": [self.policy], "may_call": [host]}

    def routes(self) -> list[web.RouteDef]:
        """What it answers."""
        if self.kind == "jira":
            return [web.post("/rest/api/2/issue", self.create), web.get("/rest/api/2/search", self.list)]
        path = "/repos/shop/checkout/issues" if self.kind == "github" else "/api/v4/projects/{project}/issues"
        return [web.post(path, self.create), web.get(path, self.list)]

    def _is_let_in(self, request: web.Request) -> bool:
        given = request.headers.get("PRIVATE-TOKEN") or request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.refused_tokens += given != TOKEN
        return given == TOKEN

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Create an issue, unless something goes wrong."""
        self.asked.append("create")
        if not self._is_let_in(request):
            return web.json_response({"message": "Bad credentials"}, status=401)
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "busy":
            return web.json_response({}, status=429, headers={"Retry-After": "1"})
        if fault == "broken":
            return web.Response(status=502, text="Bad gateway")
        said = await request.json()
        text = said["fields"]["description"] if self.kind == "jira" else said.get("body", said.get("description"))
        self.issues.append(text)
        if fault == "lost":
            assert request.transport is not None
            request.transport.close()
        if fault == "broken afterwards":
            return web.Response(status=500, text="Something went wrong")
        return web.json_response(self._shown(len(self.issues)), status=201)

    async def list(self, request: web.Request) -> web.Response:
        """The issues, the newest first, as far as they are looked for."""
        self.asked.append("list")
        if not self._is_let_in(request):
            return web.json_response({}, status=401)
        numbers = range(len(self.issues), 0, -1)
        if self.kind == "jira":
            return web.json_response({"issues": [self._shown(number) for number in numbers]})
        wanted = request.query.get("search", "")
        found = [self._shown(number) for number in numbers if wanted in self.issues[number - 1]]
        return web.json_response(found if request.query.get("page", "1") == "1" else [])

    def _shown(self, number: int) -> dict[str, Any]:
        text = self.issues[number - 1]
        shown: dict[str, dict[str, Any]] = {
            "github": {
                "number": number,
                "body": text,
                "html_url": f"https://github.example/shop/checkout/issues/{number}",
            },
            "gitlab": {
                "iid": number,
                "description": text,
                "web_url": f"https://gitlab.example/shop/checkout/-/issues/{number}",
            },
            "jira": {"id": str(number), "key": f"SHOP-{number}", "fields": {"description": text}},
        }
        return shown[self.kind]


@asynccontextmanager
async def standing_in(kind: str) -> AsyncIterator[StandIn]:
    """The tracker, serving."""
    stand_in = StandIn(kind)
    app = web.Application()
    app.add_routes(stand_in.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    stand_in.api = f"http://{host}:{port}"
    yield stand_in
    await runner.cleanup()
