"""How each kind of tracker is asked: to create an issue, and whether one with a marker in its text is there. Pure: calls in, what
their answers mean out. From memory of "REST API endpoints for issues" (GitHub), "Issues API" (GitLab, version 4) and "Issues" and
"Issue search" (Jira Cloud, version 2).
"""

import base64
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote

from bot.core.policy_parts import IssueTracker
from bot.issues.calls import Answer, Call

PAGE = 100
SKEW = timedelta(minutes=10)
"""How far the tracker's clock and ours may differ when we look for what we may have done."""


class Wanted(NamedTuple):
    """What an issue is to say, and the marker by which it is known again. `since`: it was first tried then, in real time."""

    title: str
    text: str
    marker: str
    since: datetime


class Found(NamedTuple):
    """What an issue is called, and its address."""

    key: str
    url: str


class Tracker(ABC):
    """One kind of tracker."""

    def __init__(self, spec: IssueTracker) -> None:
        self._spec, self._api = spec, spec.api.rstrip("/")

    @abstractmethod
    def headers(self, token: str) -> dict[str, str]:
        """What every call carries."""

    @abstractmethod
    def create(self, wanted: Wanted) -> Call:
        """The call that creates the issue; 201 is the answer when it did."""

    @abstractmethod
    def look(self, wanted: Wanted, page: int) -> Call:
        """The call that lists issues among which it is if it is there, a page from 1."""

    @abstractmethod
    def listed(self, said: Any) -> list[Mapping[str, Any]]:
        """The issues in the answer to that."""

    @abstractmethod
    def text_of(self, issue: Mapping[str, Any]) -> str:
        """What an issue says."""

    @abstractmethod
    def found(self, issue: Mapping[str, Any]) -> Found:
        """Which issue it is, in an answer."""

    def among(self, issues: Iterable[Mapping[str, Any]], marker: str) -> Found | None:
        """The issue that carries the marker."""
        return next((self.found(issue) for issue in issues if marker in self.text_of(issue)), None)

    def wait(self, answer: Answer) -> float | None:
        """For how many seconds we are asked to leave it alone, if so."""
        asked = answer.headers.get("retry-after", "")
        if answer.status == 429 or (answer.status == 403 and self._is_limit(answer)):
            return float(asked) if asked.isdigit() else 60.0
        return None

    def _is_limit(self, answer: Answer) -> bool:
        return "retry-after" in answer.headers


class GitHub(Tracker):
    """GitHub lists the newest issues of a repository at once, while its search lags behind. Limits are 429, or 403 with a sign."""

    def headers(self, token: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }

    def _issues(self) -> str:
        return f"{self._api}/repos/{quote(self._spec.project)}/issues"

    def create(self, wanted: Wanted) -> Call:
        text = f"{wanted.text}\n\n<!-- {wanted.marker} -->"
        return Call("POST", self._issues(), body={"title": wanted.title, "body": text})

    def look(self, wanted: Wanted, page: int) -> Call:
        since = (wanted.since - SKEW).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {"state": "all", "sort": "created", "direction": "desc", "since": since}
        return Call("GET", self._issues(), {**query, "per_page": str(PAGE), "page": str(page)})

    def listed(self, said: Any) -> list[Mapping[str, Any]]:
        return list(said)

    def text_of(self, issue: Mapping[str, Any]) -> str:
        return str(issue.get("body") or "")

    def found(self, issue: Mapping[str, Any]) -> Found:
        return Found(f"{self._spec.project}#{issue['number']}", str(issue["html_url"]))

    def _is_limit(self, answer: Answer) -> bool:
        return "retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0"


class GitLab(Tracker):
    """GitLab looks for words in descriptions in its database."""

    def headers(self, token: str) -> dict[str, str]:
        return {"PRIVATE-TOKEN": token}

    def _issues(self) -> str:
        return f"{self._api}/projects/{quote(self._spec.project, safe='')}/issues"

    def create(self, wanted: Wanted) -> Call:
        text = f"{wanted.text}\n\n<!-- {wanted.marker} -->"
        return Call("POST", self._issues(), body={"title": wanted.title, "description": text})

    def look(self, wanted: Wanted, page: int) -> Call:
        query = {"search": wanted.marker, "in": "description", "scope": "all", "state": "all"}
        return Call("GET", self._issues(), {**query, "per_page": str(PAGE), "page": str(page)})

    def listed(self, said: Any) -> list[Mapping[str, Any]]:
        return list(said)

    def text_of(self, issue: Mapping[str, Any]) -> str:
        return str(issue.get("description") or "")

    def found(self, issue: Mapping[str, Any]) -> Found:
        return Found(f"{self._spec.project}#{issue['iid']}", str(issue["web_url"]))


class Jira(Tracker):
    """Jira lists what was created lately in a project. A token `email:token` is one of Jira Cloud, any other a personal one."""

    def headers(self, token: str) -> dict[str, str]:
        if ":" in token:
            return {"Authorization": f"Basic {base64.b64encode(token.encode()).decode()}"}
        return {"Authorization": f"Bearer {token}"}

    def create(self, wanted: Wanted) -> Call:
        fields = {
            "project": {"key": self._spec.project},
            "issuetype": {"name": "Task"},
            "summary": wanted.title,
            "description": f"{wanted.text}\n\n{wanted.marker}",
        }
        return Call("POST", f"{self._api}/rest/api/2/issue", body={"fields": fields})

    def look(self, wanted: Wanted, page: int) -> Call:
        jql = f'project = "{self._spec.project}" AND created >= "-2d" ORDER BY created DESC'
        query = {"jql": jql, "fields": "description", "maxResults": str(PAGE), "startAt": str((page - 1) * PAGE)}
        return Call("GET", f"{self._api}/rest/api/2/search", query)

    def listed(self, said: Any) -> list[Mapping[str, Any]]:
        return list(said["issues"])

    def text_of(self, issue: Mapping[str, Any]) -> str:
        return str(issue.get("fields", {}).get("description") or "")

    def found(self, issue: Mapping[str, Any]) -> Found:
        return Found(str(issue["key"]), f"{self._api}/browse/{issue['key']}")


_KINDS: dict[str, type[Tracker]] = {"github": GitHub, "gitlab": GitLab, "jira": Jira}


def tracker(spec: IssueTracker) -> Tracker:
    """The tracker that the policy names."""
    return _KINDS[spec.kind](spec)
