"""The command line. Each command says what it does in its docstring."""

from bot.cli import (
    checking,
    journal,
    keeping,
    language,
    linting,
    metrics,
    outbox,
    picture,
    playbooks,
    postmortem,
    promises,
    serving,
)
from bot.cli.root import cli, main
from bot.cli.serving import installed

__all__ = [
    "checking",
    "cli",
    "installed",
    "journal",
    "keeping",
    "language",
    "linting",
    "main",
    "metrics",
    "outbox",
    "picture",
    "playbooks",
    "postmortem",
    "promises",
    "serving",
]
