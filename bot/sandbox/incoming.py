"""What an HTTP request to the Web API carries: arguments from query, form or JSON body, and the token. Knows no method.

From Slack's documentation, "Using the Slack Web API": a form may carry the token, a query or a JSON body may not; query
and form may be mixed, JSON with neither.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
MULTIPART_TYPE = "multipart/form-data"
PLAIN_TYPE = "text/plain"
"""Its body counts for nothing, but it is allowed (from memory)."""
POST_TYPES = frozenset({JSON_TYPE, FORM_TYPE, MULTIPART_TYPE, PLAIN_TYPE})
CHARSETS = frozenset({"utf-8", "iso-8859-1"})
"""From memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One request. `values` are its arguments without the token; `token` is empty when there is none; `in_header` says
    where it was; `warnings` are codes for the answer.
    """

    values: Json
    token: str = ""
    in_header: bool = False
    warnings: tuple[str, ...] = ()


async def read(request: web.Request, *, json_counts: bool) -> Incoming:
    """The arguments and the token. A JSON body replaces the query, since the two do not mix (inferred), and is not
    looked at where the method takes none. SlackError missing_post_type, invalid_post_type, invalid_charset,
    invalid_form_data, invalid_json, json_not_object.
    """
    query: Json = {name: value for name, value in request.query.items() if name != "token"}
    bearer = _bearer(request)
    if request.method != "POST" or not request.body_exists:
        return _incoming(query, bearer)
    if request.content_type == MULTIPART_TYPE:
        return _incoming(query | await _multipart(request), bearer)
    if not (body := await request.read()):
        return _incoming(query, bearer)
    kind = _post_type(request)
    charset = _charset(request)
    if kind == FORM_TYPE:
        warnings = ("superfluous_charset",) if request.charset else ()
        return _incoming(query | _form(body, charset), bearer, warnings)
    if kind == JSON_TYPE and json_counts:
        warnings = () if request.charset else ("missing_charset",)
        return _incoming(_json_object(body, charset), bearer, warnings)
    return _incoming(query, bearer)


def _incoming(values: Json, bearer: str, warnings: tuple[str, ...] = ()) -> Incoming:
    """The token apart from the arguments; one in the header goes first."""
    token = values.pop("token", "")
    return Incoming(values=values, token=bearer or str(token), in_header=bool(bearer), warnings=warnings)


def _bearer(request: web.Request) -> str:
    """The token in the header, "" when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else ""


def _post_type(request: web.Request) -> str:
    """The type of a body. SlackError missing_post_type, invalid_post_type."""
    if "Content-Type" not in request.headers:
        raise SlackError("missing_post_type")
    if request.content_type not in POST_TYPES:
        raise SlackError("invalid_post_type")
    return request.content_type


def _charset(request: web.Request) -> str:
    """How a body is encoded. SlackError invalid_charset."""
    charset = (request.charset or "utf-8").casefold()
    if charset not in CHARSETS:
        raise SlackError("invalid_charset")
    return charset


def _form(body: bytes, charset: str) -> Json:
    """The fields of a url-encoded form. SlackError invalid_form_data."""
    try:
        return dict(
            parse_qsl(
                body.decode(charset), keep_blank_values=True, strict_parsing=True, encoding=charset, errors="strict"
            )
        )
    except ValueError:
        raise SlackError("invalid_form_data") from None


async def _multipart(request: web.Request) -> Json:
    """The text fields of a multipart form. SlackError invalid_form_data."""
    try:
        form = await request.post()
    except (ValueError, AssertionError):
        raise SlackError("invalid_form_data") from None
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _json_object(body: bytes, charset: str) -> Json:
    """The JSON object in a body; a token in it does not count. SlackError invalid_json, json_not_object."""
    try:
        value = json.loads(body.decode(charset))
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return {name: content for name, content in value.items() if name != "token"}
