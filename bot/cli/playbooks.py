"""`lockstep playbook`: a playbook walked, drawn or looked for without Slack, and what a file of one can say."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.linting import policy_near
from bot.cli.root import cli
from bot.core.errors import PolicyError
from bot.core.playbooks.matching import Situation, best
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.schema import schema as playbook_schema
from bot.core.playbooks.walk import walk
from bot.drawing import composed, drawn, to_png, to_svg
from bot.files.answers import read_answers
from bot.files.playbooks import check_playbooks, find_playbooks
from bot.walked import lines

playbook = typer.Typer(no_args_is_help=True, help="Look at playbooks: simulate, draw, find, schema.")
cli.add_typer(playbook, name="playbook")

File = Annotated[Path, typer.Argument(help="The file of the playbook.")]


def read(path: Path) -> Playbook:
    """The playbook in this file. PolicyError says in one line where it is wrong first."""
    one = check_playbooks([path], policy_near(path), others=path.parent.glob("*.y*ml"))[0]
    if one.playbook is None:
        first, *others = [finding for finding in one.findings if finding.is_fatal]
        raise PolicyError(f"{path}:{first}" + (f" ({len(others)} more)" if others else ""))
    return one.playbook


@playbook.command()
def simulate(
    file: File,
    answers: Annotated[
        Path, typer.Option(help="The file with the answers; docs/playbooks.md says what can stand in it.")
    ],
) -> None:
    """Walk through a playbook on prepared answers and print the path. Exit code 1 if an answer is missing or none."""
    given = read(file)
    walked = walk(given, read_answers(answers))
    for line in lines(given, walked):
        print(line)
    if walked.problem:
        raise typer.Exit(1)


@playbook.command()
def find(
    said: Annotated[str, typer.Argument(help="What people and alerts say.")],
    severity: Annotated[str | None, typer.Option(help="The severity of the incident.")] = None,
    boundary: Annotated[
        list[str] | None, typer.Option(help="A part of the system that it touches; may be repeated.")
    ] = None,
    playbooks: Annotated[Path, typer.Option(help="The folder with policy.yml and runbooks/.")] = Path("playbooks"),
) -> None:
    """Print the playbooks that would be offered for an incident, and why each fits."""
    checked = check_playbooks(find_playbooks(playbooks), policy_near(playbooks))
    good = [one.playbook for one in checked if one.playbook]
    fits = best(good, Situation(text=said, severity=severity, boundaries=tuple(boundary or ())))
    for fit in fits:
        print(f"{fit.playbook}: {fit.title}")
        for reason in fit.reasons:
            print(f"  {reason.kind}: {reason.what}")
    if not fits:
        print("None fits.")


@playbook.command()
def schema() -> None:
    """Print what a file can say, as the JSON Schema by which editors complete it."""
    print(json.dumps(playbook_schema(), indent=2, ensure_ascii=False))


@playbook.command()
def draw(
    file: File,
    out: Annotated[
        Path | None, typer.Option(help="A file that ends in .svg or .png. Without it, SVG is printed.")
    ] = None,
) -> None:
    """Draw the flow of a playbook, as SVG, or as PNG for Slack."""
    scene = composed(drawn(read(file)))
    if out is None:
        print(to_svg(scene), end="")
    elif out.suffix == ".png":
        out.write_bytes(to_png(scene))
    elif out.suffix == ".svg":
        out.write_text(to_svg(scene), encoding="utf-8")
    else:
        raise PolicyError(f"{out}: a drawing is SVG or PNG. Write a name that ends in .svg or .png.")
