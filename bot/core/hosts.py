"""Which systems playbooks may call: hosts that a policy lists, and whether an address leads to one of them. What an address says is
read strictly: whatever two readers could take for two things is none."""

import re
from collections.abc import Iterable
from typing import Annotated, NamedTuple
from urllib.parse import unquote

from pydantic import Field

from bot.core.value import Value

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_BYTE = r"(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
HOST = rf"^(({_LABEL}\.)*[a-z]([a-z0-9-]{{0,61}}[a-z0-9])?|({_BYTE}\.){{3}}{_BYTE})$"
"""A name in small letters whose last part begins with a letter, or an IPv4 address of four plain numbers."""
SECRET = r"^[A-Z][A-Z0-9_]{0,59}$"
"""The name of a secret."""
PORTS = {"https": 443, "http": 80}

_URL = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?]*)(?P<path>(/[^?]*)?)(\?.*)?")
_AUTHORITY = re.compile(r"(?P<host>[a-z0-9.-]{1,253})(:(?P<port>[1-9]\d{0,4}))?")
_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]*")
_OURS = frozenset({"host", "connection", "content-length", "expect", "te", "trailer", "transfer-encoding", "upgrade"})


class Host(Value):
    """One host that may be called: at this port, or that of https. With `internal` it may lie in a private network, and be
    called without TLS. Only these `secrets` may be sent to it, by the names under which the operators keep them."""

    host: Annotated[str, Field(pattern=HOST, max_length=253)]
    port: Annotated[int, Field(gt=0, le=65535)] | None = None
    internal: bool = False
    secrets: Annotated[tuple[Annotated[str, Field(pattern=SECRET)], ...], Field(max_length=20)] = ()

    @property
    def place(self) -> str:
        """What no other host of a policy has."""
        return f"{self.host}:{self.port or PORTS['https']}"


class Target(NamedTuple):
    """Where an address leads: one of the hosts, by this scheme, at this port."""

    host: Host
    scheme: str
    port: int


class Unlisted(NamedTuple):
    """An address that must not be called, and why. The words hold nothing of it but the host."""

    why: str


def target(url: str, hosts: Iterable[Host]) -> Target | Unlisted:
    """Where this address leads. A host that is written in any other way than the policy has it is not that host."""
    found = _URL.fullmatch(url)
    if found is None:
        return Unlisted("the address is none that can be called: write https:// and a host")
    authority = _AUTHORITY.fullmatch(found["authority"].lower())
    if authority is None or not found["authority"].isascii():
        return Unlisted("the host must stand in the address plainly, without a user, brackets or other signs")
    if not _CHARACTERS.fullmatch(url):
        return Unlisted("the address has a sign that none has, such as # or a space")
    if _climbs(found["path"]):
        return Unlisted("the path of the address must not have . or .. as a part")
    scheme, host = found["scheme"], authority["host"]
    port = int(authority["port"] or PORTS[scheme])
    for one in hosts:
        if (one.host, one.port or PORTS[scheme]) == (host, port):
            if scheme == "http" and not one.internal:
                return Unlisted(f"{host} is not internal, and is called by https only")
            return Target(one, scheme, port)
    at = f" at port {port}" if authority["port"] else ""
    return Unlisted(f"{host}{at} is not one of the hosts that the policy lets playbooks call")


def barred(url: str, secret: str, hosts: Iterable[Host]) -> str | None:
    """Why a call to this address with this secret would be refused; None when it would not be."""
    found = target(url, hosts)
    if isinstance(found, Unlisted):
        return found.why
    return None if secret in found.host.secrets else f"the policy does not let {secret} be sent to {found.host.host}"


def is_ours(header: str) -> bool:
    """Whether this header says how a message is sent, which is not for a playbook to say."""
    name = header.lower()
    return name in _OURS or name.startswith(("proxy-", "sec-"))


def _climbs(path: str) -> bool:
    """Whether part of the path is a way upwards, as any server may read it."""
    seen = unquote(unquote(path))
    return any(part in (".", "..") for part in re.split(r"[/\\]", seen))
