"""The application that the commands of this package hang on, and its entry point: an IncidentError ends a command with one line
and exit code 2."""

import sys
from typing import Annotated

import typer

from bot import __version__
from bot.core.errors import IncidentError
from bot.store.triggers import TriggerMissing

cli = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


def main() -> None:
    """The entry point of `lockstep`."""
    try:
        cli()
    except (IncidentError, TriggerMissing) as error:
        print(f"lockstep: {error}", file=sys.stderr)
        sys.exit(2)


@cli.callback(invoke_without_command=True)
def version(show: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Lockstep runs production incidents in Slack."""
    if show:
        print(__version__)
        raise typer.Exit
