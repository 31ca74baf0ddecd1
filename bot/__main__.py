"""The entry point of `lockstep` and of `python -m bot`: Ctrl-C while modules are still being imported ends it quietly."""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)

from bot.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
