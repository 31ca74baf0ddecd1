"""`python -m bot`: the same as `lockstep`."""

from bot.cli import main

main()
