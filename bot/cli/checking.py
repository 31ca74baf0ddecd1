"""`lockstep lint`, `policy`, `updates`, `manifest` and `doctor`: what is looked at before an incident."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import explanation, samples
from bot.cli.root import cli
from bot.doctor import examine
from bot.files import check_policy, read_policy
from bot.policy_table import page
from bot.settings import Settings, read_settings
from bot.slack.manifest import to_yaml

PolicyPath = Annotated[Path, typer.Argument(help="The folder with policy.yml, or the file.")]


@cli.command()
def lint(playbooks: PolicyPath = Path("playbooks")) -> None:
    """Check the policy and the sentences of updates: a line for each finding, with file, line, column and what to write. Exit code
    1 if anything cannot be used."""
    checked = check_policy(playbooks)
    policy, found = checked.policy, list(checked.lines())
    for file, finding in found:
        print(f"{file}:{finding}")
    if policy is None or any(finding.is_fatal for _, finding in found):
        raise typer.Exit(1)
    severities = ", ".join(severity.name for severity in policy.severities)
    audiences = "1 audience" if len(policy.audiences) == 1 else f"{len(policy.audiences)} audiences"
    print(f"{checked.path} is good: {severities}; {audiences}.")


@cli.command()
def policy(
    what: Annotated[str, typer.Argument(help="The folder with policy.yml, or the file; or `explain`.")] = "playbooks",
    playbooks: Annotated[Path, typer.Argument(help="After `explain`: the folder, or the file.")] = Path("playbooks"),
) -> None:
    """Print the policy as Markdown tables; with `explain`, who may do what when, and what is said to whom it is refused."""
    if what == "explain":
        print(explanation.page(read_policy(playbooks)), end="")
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
