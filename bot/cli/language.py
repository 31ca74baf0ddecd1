"""`lockstep explain-update`: what the rules of plain language say of a text, for people and for a team's own pipelines."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.root import cli
from bot.core.errors import IncidentError, PolicyError
from bot.core.plain import readers
from bot.files import read_policy
from bot.files.glossary import read_glossary
from bot.language import Facts, Finding, Language, Level, Style, check, errors

STDIN = "-"
_CALLED = "stdin"


class UnreadableText(IncidentError):
    """The text that was to be checked cannot be read."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file}: {why}. Name a text file in UTF-8, or `-` for standard input.")


@cli.command("explain-update")
def explain_update(
    file: Annotated[str, typer.Argument(help="The text, a file in UTF-8; `-` reads standard input.")],
    audience: Annotated[str | None, typer.Option(help="Check it for this audience of the policy.")] = None,
    style: Annotated[Style | None, typer.Option(help="Check it for people inside or outside the company.")] = None,
    names: Annotated[str, typer.Option(help="The people of the incident, in full, with commas between them.")] = "",
    contained: Annotated[bool, typer.Option(help="The harm has stopped.")] = False,
    cause_confirmed: Annotated[bool, typer.Option(help="A test has confirmed the cause.")] = False,
    language: Annotated[
        Language | None,
        typer.Option(help="The language it is written in; without one that of the audience, or English."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    playbooks: Annotated[Path, typer.Option(help="The folder with policy.yml and glossary.yml.")] = Path("playbooks"),
) -> None:
    """Check a written update: a line for each finding, with line, column, what to do and why. Exit code 1 if one of them is an
    error. For an audience it is checked as when somebody sends it to them: by its style, its language, and for length; without an
    audience or a style as strictly as for people outside."""
    text = _read(file)
    people = tuple(name.strip() for name in names.split(",") if name.strip())
    how_strict, spoken, most = _style(audience, style, language, playbooks)
    facts = Facts(is_contained=contained, is_cause_confirmed=cause_confirmed, most_words=most)
    findings = check(text, how_strict, facts, people, read_glossary(playbooks), spoken)
    if as_json:
        print(json.dumps([_as_json(text, finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        called = _CALLED if file == STDIN else file
        print("\n".join([*(_line(called, text, finding) for finding in findings), _sum(called, findings)]))
    if errors(findings):
        raise typer.Exit(1)


def _read(file: str) -> str:
    try:
        written = sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
        return written.decode("utf-8").rstrip()
    except OSError as error:
        raise UnreadableText(file, f"cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise UnreadableText(file, "is not UTF-8") from None


def _style(
    audience: str | None, style: Style | None, language: Language | None, playbooks: Path
) -> tuple[Style, Language, int | None]:
    """How strict the rules are, in which language, and how many words are enough: what was given, else what holds for the
    audience."""
    if not audience:
        return style or Style.EXTERNAL, language or Language.ENGLISH, None
    policy = read_policy(playbooks)
    found = policy.audience(audience)
    if found is None:
        known = ", ".join(one.name for one in policy.audiences)
        raise PolicyError(f"{playbooks}: there is no audience {audience}. Write one of: {known}.")
    return style or readers(found), language or Language.of(found.language), found.max_words


def _place(text: str, finding: Finding) -> tuple[int, int]:
    """Line and column, from 1."""
    before = text[: finding.start]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _line(file: str, text: str, finding: Finding) -> str:
    line, column = _place(text, finding)
    found = f" “{' '.join(finding.found.split())}”." if finding.found else ""
    said = " ".join(filter(None, (finding.suggestion, finding.why)))
    return f"{file}:{line}:{column}: {finding.level} {finding.rule}:{found} {said}"


def _sum(file: str, findings: Sequence[Finding]) -> str:
    counts = Counter(finding.level for finding in findings)
    told = [f"{counts[level]} {level}{'' if counts[level] == 1 else 's'}" for level in Level if counts[level]]
    verdict = "has to be mended before it is sent" if counts[Level.ERROR] else "can be sent"
    return f"{file} {verdict}: {', '.join(told) or 'nothing found'}."


def _as_json(text: str, finding: Finding) -> dict[str, object]:
    line, column = _place(text, finding)
    return {"line": line, "column": column, **finding._asdict()}
