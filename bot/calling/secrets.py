"""Secrets that playbooks name and only the environment knows. They are put in when a call is made, and stand nowhere else."""

import re
from collections.abc import Callable, Mapping

from pydantic import SecretStr

from bot.calling.fetching import Refused
from bot.core.hosts import Host

_NAMED = re.compile(r"\$\{secret:([^}\s]*)\}")


def hidden(text: str) -> str:
    """The text with a letter in place of each secret, for those who only look at its form."""
    return _NAMED.sub("x", text)


class Secrets:
    """The secrets there are, by their names."""

    def __init__(self, known: Mapping[str, SecretStr]) -> None:
        self._known = {name.upper(): secret for name, secret in known.items()}

    def has(self, name: str) -> bool:
        """Whether this one is set."""
        return name in self._known

    def put_in(self, text: str, host: Host, written: Callable[[str], str] = str) -> str:
        """The text with its secrets, each `written` as the place wants it. Refused where one must not go to this host, or is not
        there."""

        def secret(found: re.Match[str]) -> str:
            name = found[1]
            if name not in host.secrets:
                raise Refused(f"the policy does not let the secret {name[:60]} be sent to {host.host}")
            if name not in self._known:
                raise Refused(f"the secret {name} is not set. Put LOCKSTEP_SECRET__{name} into the environment")
            return written(self._known[name].get_secret_value().strip())

        return _NAMED.sub(secret, text)
