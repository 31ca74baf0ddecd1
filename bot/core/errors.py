"""The errors people can cause or mend. Each says in one sentence what to do next; the edges print that sentence and no more."""


class IncidentError(Exception):
    """The family: `str(error)` is a sentence for the person concerned."""


class UnknownIncident(IncidentError):
    """No incident of that number exists here, or this viewer may not see it."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no INC-{number} here. `/incident list` shows the open ones.")


class PolicyError(IncidentError):
    """The policy file cannot be used. The sentence starts with file:line:column where it is wrong."""


class SettingsError(IncidentError):
    """A setting is missing or wrong. The sentence names the setting and how to mend it."""


class StoreUnavailable(IncidentError):
    """The database did not answer in time."""

    def __init__(self) -> None:
        super().__init__("Not recorded, the database is out of reach. Please repeat.")


class PlaybookLost(IncidentError):
    """A run goes on from content that is not at hand: the journal has it, or the database is not whole."""

    def __init__(self, playbook: str, hash: str) -> None:
        super().__init__(
            f"The playbook {playbook} as it was started ({hash[:12]}) is not in the journal. Run `lockstep audit`."
        )
