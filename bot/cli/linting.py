"""`lockstep lint`: the policy and what is beside it (glossary, sentences, playbooks), every finding as editors read it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.root import cli
from bot.core.policy import Policy
from bot.files import check_policy
from bot.files.glossary import check_glossary
from bot.files.playbooks import CheckedPlaybook, check_playbooks, find_playbooks, is_playbook

PolicyPath = Annotated[
    Path,
    typer.Argument(help="The folder with policy.yml and runbooks/, the policy, a playbook, or a folder of playbooks."),
]


@cli.command()
def lint(playbooks: PolicyPath = Path("playbooks")) -> None:
    """Check policy, glossary, sentences and playbooks: a line for each finding, with file, line, column and what to write. Exit
    code 1 if one of them cannot be used. A broken playbook is of no use by itself; the others stay as they are."""
    if alone := _alone(playbooks):
        checked, is_good = check_playbooks(alone, policy_near(playbooks), others=_beside(playbooks)), True
    else:
        has_glossary = _lint_glossary(playbooks)
        policy, has_policy = _lint_policy(playbooks)
        is_good = has_glossary and has_policy
        folder = playbooks if playbooks.is_dir() else None
        checked = check_playbooks(find_playbooks(folder), policy) if folder else []
    for one in checked:
        for finding in one.findings:
            print(f"{one.path}:{finding}")
    if checked:
        print(_counted(checked))
    if not is_good or any(one.playbook is None for one in checked):
        raise typer.Exit(1)


def policy_near(path: Path) -> Policy | None:
    """The policy that a playbook, or a folder of playbooks, is checked by: the one in its folder or in the folder above. None when
    there is none, or it is broken: then nobody knows which roles there are."""
    folder = path if path.is_dir() else path.parent
    for place in (folder, folder.resolve().parent):
        if (place / "policy.yml").is_file():
            return check_policy(place / "policy.yml").policy
    return None


def _lint_glossary(path: Path) -> bool:
    """Print what is wrong with the glossary beside the policy; whether it can be used."""
    where, glossary, findings = check_glossary(path)
    for finding in findings:
        print(f"{where}:{finding}")
    return glossary is not None


def _lint_policy(path: Path) -> tuple[Policy | None, bool]:
    """Print what is wrong with the policy and the sentences beside it; the policy, if it can be used, and whether all can."""
    checked = check_policy(path)
    found = list(checked.lines())
    for file, finding in found:
        print(f"{file}:{finding}")
    is_good = checked.policy is not None and not any(finding.is_fatal for _, finding in found)
    if checked.policy is not None and is_good:
        severities = ", ".join(severity.name for severity in checked.policy.severities)
        audiences = "1 audience" if len(checked.policy.audiences) == 1 else f"{len(checked.policy.audiences)} audiences"
        print(f"{checked.path} is good: {severities}; {audiences}.")
    return checked.policy, is_good


def _alone(path: Path) -> list[Path]:
    """The playbooks to check when no policy is meant: this file, or all in this folder."""
    if is_playbook(path):
        return [path]
    if path.is_dir() and not (path / "policy.yml").is_file():
        return sorted(file for file in path.iterdir() if is_playbook(file))
    return []


def _beside(path: Path) -> list[Path]:
    return [file for file in path.parent.iterdir() if is_playbook(file)] if path.is_file() else []


def _counted(checked: Sequence[CheckedPlaybook]) -> str:
    bad = sum(one.playbook is None for one in checked)
    playbooks = "1 playbook" if len(checked) == 1 else f"{len(checked)} playbooks"
    if bad:
        return f"{bad} of {playbooks} cannot be used."
    return f"{playbooks} {'is' if len(checked) == 1 else 'are'} good."
