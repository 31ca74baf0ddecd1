"""`lockstep lint`, `policy`, `manifest` and `doctor`: what is looked at before an incident."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.root import cli
from bot.doctor import examine
from bot.explanation.page import page as explained
from bot.files import check_policy, read_policy
from bot.files.glossary import check_glossary
from bot.policy_table import page
from bot.settings import Settings, read_settings
from bot.slack.manifest import to_yaml

PolicyPath = Annotated[Path, typer.Argument(help="The folder with policy.yml, or the file.")]


@cli.command()
def lint(playbooks: PolicyPath = Path("playbooks")) -> None:
    """Check the policy and the glossary: a line for each finding, with file, line, column and what to write. Exit code 1 if one of
    them cannot be used."""
    can_use_glossary = _lint_glossary(playbooks)
    path, policy, findings = check_policy(playbooks)
    for finding in findings:
        print(f"{path}:{finding}")
    if policy is None:
        raise typer.Exit(1)
    if not can_use_glossary:
        raise typer.Exit(1)
    severities = ", ".join(severity.name for severity in policy.severities)
    audiences = "1 audience" if len(policy.audiences) == 1 else f"{len(policy.audiences)} audiences"
    print(f"{path} is good: {severities}; {audiences}.")


def _lint_glossary(playbooks: Path) -> bool:
    """Print what is wrong with the glossary beside the policy; whether it can be used."""
    path, glossary, findings = check_glossary(playbooks)
    for finding in findings:
        print(f"{path}:{finding}")
    return glossary is not None


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
