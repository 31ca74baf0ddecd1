"""Action items as issues of GitHub, GitLab and Jira, each created once, whatever becomes of the answers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from bot.app import App
from bot.checkpoints import Step
from bot.core.learning.issues import IssueOpened
from bot.sandbox import Person, Sandbox
from bot.tuning import Tuning
from tests.running import PLAYBOOKS, QUICK, playbooks_with, running, settled, until
from tests.stories.steps import asks, declares, everything_is_delivered, journal, walks_to
from tests.trackers import TOKEN, StandIn, standing_in

FAULTS = (("busy", "broken", "lost"), ("broken afterwards",))
"""What goes wrong with one attempt after the other; the last of them has created the issue."""


@pytest.fixture(params=["github", "gitlab", "jira"])
async def tracker(request: pytest.FixtureRequest) -> AsyncIterator[StandIn]:
    """A tracker that lets us in."""
    async with standing_in(request.param) as stand_in:
        yield stand_in


@pytest.fixture
def folder(tracker: StandIn, tmp_path: Path) -> Path:
    """A policy that names it."""
    policy = yaml.safe_load((PLAYBOOKS / "policy.yml").read_text(encoding="utf-8"))
    return playbooks_with(yaml.safe_dump(policy | tracker.policies), tmp_path / "playbooks")


async def wants_an_issue(sandbox: Sandbox, app: App, person: Person) -> None:
    """Close an incident with an action item, and press `Create issue` on it."""
    room = await declares(sandbox, person, "sev1 Checkout is failing")
    await walks_to(person, room, "Close incident")
    await everything_is_delivered(app, sandbox)
    await person.types("/incident actions all", in_="#general")
    await person.presses("Create issue", in_="#general")


@pytest.mark.parametrize("faults", FAULTS, ids=lambda faults: faults[-1])
async def test_an_issue_is_created_once_whatever_becomes_of_the_answers(
    sandbox: Sandbox, database_url: str, tracker: StandIn, folder: Path, faults: tuple[str, ...]
):
    tracker.faults = list(faults)
    async with running(
        sandbox, database_url, lockstep_playbooks=folder, lockstep_secret={"tracker_token": TOKEN}
    ) as app:
        alice = sandbox.person("alice")
        await wants_an_issue(sandbox, app, alice)
        await settled(app, sandbox, within=60.0)
        (opened,) = await journal(app, IssueOpened)
        assert opened.key in await asks(alice, "/incident actions all", in_="#general")
    assert tracker.faults == [] and "list" in tracker.asked
    assert len(tracker.issues) == 1 and "lockstep-" in tracker.issues[0]
    assert tracker.refused_tokens == 0
    assert opened.url.startswith("https://") or opened.url == f"{tracker.api}/browse/SHOP-1"


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", [Step.CALLING, Step.ANSWERED])
async def test_a_bot_that_is_killed_around_the_call_leaves_one_issue(
    sandbox: Sandbox, database_url: str, tracker: StandIn, folder: Path, step: Step
):
    killed = list[str]()

    def checkpoint(at: Step, about: str) -> None:
        if at is step and tracker.api in about and not killed:
            killed.append(about)
            raise Killed

    tuning = Tuning(**{**vars(QUICK), "checkpoint": checkpoint, "lease_seconds": 3.0})
    async with running(
        sandbox, database_url, tuning, lockstep_playbooks=folder, lockstep_secret={"tracker_token": TOKEN}
    ) as app:
        await wants_an_issue(sandbox, app, sandbox.person("alice"))

        async def is_opened() -> bool:
            return bool(await journal(app, IssueOpened))

        await until(is_opened, within=60.0)
        assert len(await journal(app, IssueOpened)) == 1
    assert killed and len(tracker.issues) == 1


async def test_a_token_that_is_missing_is_said_on_the_card_and_works_once_it_is_there(
    sandbox: Sandbox, database_url: str, tracker: StandIn, folder: Path
):
    async with running(sandbox, database_url, lockstep_playbooks=folder) as app:
        alice = sandbox.person("alice")
        await wants_an_issue(sandbox, app, alice)
        await settled(app, sandbox, within=60.0)
        incident = await app.service.incident(1, viewer="")
        (failure,) = incident.failures
        assert failure.effect == "CreateIssue issue:1"
        assert failure.reason == (
            "not called: the secret TRACKER_TOKEN is not set. Put LOCKSTEP_SECRET__TRACKER_TOKEN into the environment"
        )
    assert tracker.issues == [] and tracker.asked == []
