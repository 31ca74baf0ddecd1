"""The routes we serve: health, figures for Prometheus, and Slack's requests in HTTP mode."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp

from bot.core.errors import SettingsError

Check = Callable[[], Awaitable[str | None]]
"""Says what is wrong with a part now; None when it works."""


class Health:
    """What stands between us and being ready, by part: `waiting_for` while we start, `checks` are asked afterwards. A *warning* is
    worth knowing but does not stop us."""

    def __init__(self) -> None:
        self.waiting_for: dict[str, str] = {"start": "starting"}
        self.checks: dict[str, Check] = {}
        self.warnings: dict[str, str] = {}

    async def missing(self) -> dict[str, str]:
        """What does not work now, and why; nothing when we are ready."""
        checks = dict(self.checks)  # another may come while we ask
        found = {part: await check() for part, check in checks.items()}
        return self.waiting_for | {part: reason for part, reason in found.items() if reason}


class Web:
    """The HTTP server. Slack's requests are answered once `slack` is set, Prometheus's once `metrics` is."""

    def __init__(self, host: str, port: int, health: Health) -> None:
        self._host, self._port, self._health = host, port, health
        self.slack: AsyncApp | None = None
        self.metrics: Callable[[], Awaitable[bytes]] | None = None
        routes = web.Application()
        routes.add_routes(
            [
                web.get("/healthz", self._healthz),
                web.get("/readyz", self._readyz),
                web.get("/metrics", self._metrics),
                web.post("/slack/events", self._from_slack),
            ]
        )
        self._runner = web.AppRunner(routes, access_log=None)

    async def __aenter__(self) -> "Web":
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            reason = str(error.strerror).rpartition(": ")[2]
            raise SettingsError(
                f"LOCKSTEP_HOST, LOCKSTEP_PORT: cannot listen on {self._host}:{self._port}, {reason}. Choose another port or host."
            ) from None
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def port(self) -> int:
        """The port in use; of interest when 0 was asked for."""
        return int(self._runner.addresses[0][1])

    async def _healthz(self, request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _readyz(self, request: web.Request) -> web.Response:
        missing = await self._health.missing()
        body = {"ready": not missing, "waiting_for": missing, "warnings": self._health.warnings}
        return web.json_response(body, status=503 if missing else 200)

    async def _metrics(self, request: web.Request) -> web.Response:
        if self.metrics is None:
            return web.Response(status=503, text="Lockstep is starting.")
        return web.Response(body=await self.metrics(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _from_slack(self, request: web.Request) -> web.Response:
        if self.slack is None:
            return web.Response(status=503, text="Lockstep is starting.")
        answer = await self.slack.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)
