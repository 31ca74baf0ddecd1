"""What a playbook file can say, as a JSON Schema for editors: from the model itself, so that the two cannot differ."""

from typing import Any

from bot.core.playbooks.model import Playbook


def schema() -> dict[str, Any]:
    """The schema, with the words of the model below each key."""
    found = Playbook.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
