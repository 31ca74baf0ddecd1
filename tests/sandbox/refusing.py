"""How calls are written down that a method of the sandbox refuses."""

from collections.abc import Callable

from tests.sandbox.scene import Arguments, Scene

Refusals = dict[str, Callable[[Scene], Arguments]]
"""By error: the arguments that bring it about."""

NOBODY, NOWHERE, NOTHING = "U404", "C404", "1.000001"
BROKEN = "{not json"


def over(common: Callable[[Scene], Arguments], *tables: Refusals) -> Refusals:
    """Refusals whose arguments go over those that would be fine."""
    joined: Refusals = {}
    for table in tables:
        for error, arguments in table.items():
            joined[error] = lambda scene, arguments=arguments: {**common(scene), **arguments(scene)}  # type: ignore[misc]
    return joined
