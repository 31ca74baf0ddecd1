"""Makes identifiers in Slack's formats; knows nothing of the objects that bear them.

Everything made at run time is random, not counted: a bot that kept its database must never meet an id of an earlier
sandbox again. Only the seeded objects have fixed, readable ids.
"""

from __future__ import annotations

import random
import secrets
import string
import uuid

_ALPHABET = string.digits + string.ascii_uppercase
_LENGTH = 11


def random_id(prefix: str) -> str:
    """A new id such as C0K3X9A71QZ: the prefix of its kind and upper-case letters and digits, 11 characters in all."""
    return prefix + "0" + "".join(random.choices(_ALPHABET, k=_LENGTH - 1 - len(prefix)))


def fixed_id(prefix: str, name: str) -> str:
    """The id of a seeded object: its name in Slack's alphabet, such as U00000ALICE."""
    letters = "".join(character for character in name.upper() if character in _ALPHABET)
    width = _LENGTH - len(prefix)
    return prefix + letters[:width].rjust(width, "0")


def short_id() -> str:
    """The block_id or action_id that Slack generates when the app gave none."""
    return "".join(random.choices(string.ascii_letters + string.digits, k=5))


def trigger_id() -> str:
    """A new trigger id: digits, digits and a hexadecimal part."""
    return f"{random.randrange(10**12, 10**13)}.{random.randrange(10**10, 10**11)}.{secrets.token_hex(16)}"


def view_hash(epoch: float) -> str:
    """A new hash of a view: the time and a hexadecimal part."""
    return f"{int(epoch)}.{secrets.token_hex(4)}"


def envelope_id() -> str:
    """A new id of a Socket Mode envelope or of a message that a person typed: a UUID."""
    return str(uuid.uuid4())


def secret() -> str:
    """An unguessable part of an address: a socket ticket or a response_url."""
    return secrets.token_hex(16)
