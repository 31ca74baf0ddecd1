"""The command line. Each command says what it does in its docstring."""

from bot.cli import checking, journal, keeping, metrics, outbox, picture, serving
from bot.cli.root import cli, main
from bot.cli.serving import installed

__all__ = ["checking", "cli", "installed", "journal", "keeping", "main", "metrics", "outbox", "picture", "serving"]
