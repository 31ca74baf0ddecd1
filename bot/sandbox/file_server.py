"""Files over HTTP: takes the bytes of an upload, and gives files and canvases out to the app and to people. Decides who
may have what; knows no method of the API.

From Slack's documentation: the POST of an upload needs no token, its address is secret ("Working with files"); private
addresses want the app's token with files:read ("File object"). Without it Slack leads to its sign-in page, which
answers 200 (slackapi/deno-slack-sdk#285).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from bot.sandbox.calls import CallJournal
from bot.sandbox.faults import Fault, Faults, Harm
from bot.sandbox.platform import Platform
from bot.sandbox.web_api import drop
from bot.sandbox.workspace import canvases, files
from bot.sandbox.workspace.file_objects import file_json
from bot.sandbox.workspace.state import Canvas, File

UPLOAD = "upload"
"""What an upload is called in the journal of calls and in faults."""
_CHUNK = 64 * 1024


class FileServer:
    """Serves /upload/v1/…, /files-pri/… and, for people, /page/files/…."""

    def __init__(self, platform: Platform, *, faults: Faults, calls: CallJournal) -> None:
        self._platform = platform
        self._workspace = platform.workspace
        self._faults = faults
        self._calls = calls

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Add the addresses of files to the server."""
        router.add_post("/upload/v1/{ticket}", self._upload)
        router.add_get("/files-pri/{team}-{file}/{name}", self._private)
        router.add_get("/files-pri/{team}-{file}/download/{name}", self._private)
        router.add_get("/page/files/{file}", self._shown)

    async def _upload(self, request: web.Request) -> web.Response:
        """Take the bytes of a file, raw or as the one part of a form; recorded among the calls as "upload"."""
        record = self._calls.begin(UPLOAD)
        try:
            await asyncio.sleep(self._faults.take_delay(UPLOAD, None))
            fault = self._faults.take(UPLOAD, None)
            if self._faults.outage or _is(fault, Harm.REFUSE):
                record.outcome = "dropped"
                return drop(request)
            response = _harmed(fault) or await self._take(request)
            record.outcome = "ok" if response.status == 200 else str(response.status)
            if self._faults.outage or _is(fault, Harm.LOSE):
                record.outcome = "dropped"
                return drop(request)
            return response
        finally:
            self._calls.finish(record)

    async def _take(self, request: web.Request) -> web.Response:
        """Keep the bytes: 200, 404 for an address that is spent or never was, 400 for another length than announced [the
        refusals are inferred]. Sent again before the upload is completed, they replace the first.
        """
        file = files.awaited(self._workspace, request.match_info["ticket"])
        if file is None:
            return web.Response(status=404, text="not found")
        content = bytearray()
        async for chunk in _body(request):
            content += chunk
            if len(content) > file.size:
                break
        if len(content) != file.size:
            return web.Response(status=400, text=f"{file.size} bytes were announced")
        file.content = bytes(content)
        return web.Response(text=f"OK - {file.size}")

    async def _private(self, request: web.Request) -> web.StreamResponse:
        """A file or canvas for the app."""
        if self._faults.outage:
            return drop(request)
        if not self._admitted(request):
            sign_in = f"{self._platform.url}/?redir={quote(request.path, safe='')}"
            return web.Response(status=302, headers={"Location": sign_in})
        return self._given(request, self._platform.app.bot_user)

    def _admitted(self, request: web.Request) -> bool:
        """Whether a request has the app's token, with the scope that it takes."""
        app, tokens = self._platform.app, self._platform.tokens
        own = request.headers.get("Authorization") == f"Bearer {tokens.bot}" and tokens.is_good(tokens.bot)
        return own and (app.scopes is None or "files:read" in app.scopes)

    async def _shown(self, request: web.Request) -> web.StreamResponse:
        """A file or canvas for the person who looks at the page, who is named as everywhere in the page's API."""
        return self._given(request, request.query.get("user", ""))

    def _given(self, request: web.Request, user: str) -> web.StreamResponse:
        """A file or canvas for somebody who may read it; 404 for anybody else."""
        wanted = request.match_info["file"]
        file, canvas = self._workspace.files.get(wanted), self._workspace.canvases.get(wanted)
        if file is not None and files.may_read(self._workspace, file, user):
            return self._file(file)
        if canvas is not None and canvases.may_read(self._workspace, canvas, user):
            return _page(canvas)
        raise web.HTTPNotFound

    def _file(self, file: File) -> web.Response:
        """A file, never shown in the sandbox's own pages, so that what is in it can do nothing there."""
        kind = file_json(self._workspace, file)["mimetype"] or "application/octet-stream"
        disposition = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        headers = {"Content-Disposition": disposition, "Content-Type": kind, "X-Content-Type-Options": "nosniff"}
        return web.Response(body=file.content, headers=headers)


def _is(fault: Fault | None, harm: Harm) -> bool:
    """Whether this harm is to be done."""
    return fault is not None and fault.harm is harm


def _harmed(fault: Fault | None) -> web.Response | None:
    """The answer of an upload that is not to be carried out."""
    if fault is not None and fault.harm is Harm.LIMIT:
        return web.Response(status=429, text="ratelimited", headers={"Retry-After": str(int(fault.seconds))})
    if _is(fault, Harm.FAIL) or _is(fault, Harm.ERROR):
        return web.Response(status=500, text="Internal Server Error")
    return None


async def _body(request: web.Request) -> AsyncIterator[bytes]:
    """The bytes that were sent: the body, or the first part of a form (as the JavaScript SDK sends them)."""
    if not request.content_type.startswith("multipart/"):
        async for chunk in request.content.iter_chunked(_CHUNK):
            yield chunk
        return
    part = await (await request.multipart()).next()
    while isinstance(part, BodyPartReader) and (chunk := await part.read_chunk(_CHUNK)):
        yield bytes(chunk)


def _page(canvas: Canvas) -> web.Response:
    """A canvas as a page that can run nothing."""
    headers = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}
    return web.Response(text=canvases.html(canvas), content_type="text/html", headers=headers)
