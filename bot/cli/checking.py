"""`lockstep policy`, `updates`, `manifest` and `doctor`: what is looked at before an incident."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import samples
from bot.cli.linting import PolicyPath
from bot.cli.root import cli
from bot.doctor import examine
from bot.explanation.page import page as explained
from bot.files import check_policy, read_policy
from bot.policy_table import page
from bot.settings import Settings, read_settings
from bot.slack.manifest import to_yaml


@cli.command()
def policy(
    what: Annotated[str, typer.Argument(help="The folder with policy.yml, or the file; or `explain`.")] = "playbooks",
    playbooks: Annotated[Path, typer.Argument(help="After `explain`: the folder, or the file.")] = Path("playbooks"),
) -> None:
    """Print the policy as Markdown tables; with `explain`, who may do what when, and what is said to whom it is refused."""
    if what == "explain":
        print(explained(read_policy(playbooks)), end="")
    else:
        print(page(read_policy(Path(what))), end="")


@cli.command()
def updates(playbooks: PolicyPath = Path("playbooks")) -> None:
    """Print every update that Lockstep can compose, in every style and language of updates/, with sample facts."""
    checked = check_policy(playbooks)
    for file, finding in checked.lines():
        if finding.is_fatal:
            print(f"{file}:{finding}", file=sys.stderr)
    print(samples.page(checked.languages.known), end="")
    if any(finding.is_fatal for _, finding in checked.lines()):
        raise typer.Exit(1)


@cli.command()
def manifest() -> None:
    """Print the Slack app manifest, made from the bot's own commands, events and scopes."""
    print(to_yaml(), end="")


@cli.command()
def doctor(
    bots: Annotated[int, typer.Option(min=1, help="How many bots will run with these settings.")] = 1,
) -> None:
    """Check settings, policy, database and Slack, and say how to mend what is wrong. Exit code 1 if anything is."""
    asyncio.run(_examine(read_settings(), bots))


async def _examine(settings: Settings, bots: int) -> None:
    symptoms = [symptom async for symptom in examine(settings, bots)]
    for symptom in symptoms:
        print(symptom)
    if any(symptom.mend for symptom in symptoms):
        raise typer.Exit(1)
