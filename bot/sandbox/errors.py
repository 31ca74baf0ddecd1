"""How the sandbox says no, and "yes, but": errors and warnings of the Web API, with Slack's own strings."""

from __future__ import annotations

from typing import Any

from bot.sandbox.jsontypes import Json

_GENERIC = """
access_denied accesslimited account_inactive deprecated_endpoint ekm_access_denied enterprise_is_restricted fatal_error
internal_error invalid_arg_name invalid_arguments invalid_array_arg invalid_auth invalid_charset invalid_form_data
invalid_post_type method_deprecated missing_post_type missing_scope no_permission not_allowed_token_type not_authed
org_login_required ratelimited request_timeout service_unavailable team_access_not_granted team_added_to_org
token_expired token_revoked two_factor_setup_required unknown_method
"""
GENERIC_ERRORS = frozenset(_GENERIC.split())
"""What any method may answer (Slack's documentation, the list on every method's page)."""


class SlackError(Exception):
    """A Web API call that fails with HTTP 200 and `ok: false`; `fields` are further top-level fields of the answer."""

    def __init__(self, code: str, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields

    def answer(self) -> Json:
        """The JSON body of the answer."""
        return {"ok": False, "error": self.code, **self.fields}


class Defect(Exception):
    """The sandbox itself is wrong: it did what Slack's documentation does not allow it."""


def invalid_arguments(*messages: str) -> SlackError:
    """The general complaint about arguments, each message in Slack's `[ERROR] …` form."""
    return SlackError(
        "invalid_arguments", response_metadata={"messages": [f"[ERROR] {message}" for message in messages]}
    )


def with_warnings(answer: Json, *codes: str) -> Json:
    """The answer with these warnings added to those it has: a comma list in `warning`, a list in the metadata."""
    metadata = answer.get("response_metadata", {})
    warnings = [*metadata.get("warnings", ()), *codes]
    if not warnings:
        return answer
    return answer | {"warning": ",".join(warnings), "response_metadata": metadata | {"warnings": warnings}}
