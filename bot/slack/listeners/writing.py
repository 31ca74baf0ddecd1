"""Drawing the two forms of a written update, which need the service to say what each audience would read."""

from bot.core.incident import Incident
from bot.service import Service
from bot.slack.blocks import Block
from bot.slack.forms.modal import View
from bot.slack.forms.update import UpdateForm, UpdatePreview
from bot.slack.messages import updates
from bot.slack.text import escape


async def writing_form(service: Service, incident: Incident, *, typed: str = "") -> View | None:
    """The form with what was typed already, else with what the record says; None when nobody would read it."""
    composed = await service.preview(incident, "")
    return UpdateForm.view(incident, typed or updates.body(composed[0])) if composed else None


async def preview_form(service: Service, incident: Incident, text: str, *, remark: str = "") -> View:
    """The form that shows what each audience would read; those that read the same are shown together."""
    policy = await service.policy_of(incident)
    shown: dict[str, tuple[list[str], list[Block]]] = {}
    for event in await service.preview(incident, text):
        audience, message = policy.audience(event.audience), updates.update(event)
        name = f"*{escape(event.audience)}*" + (f" in {escape(audience.channel)}" if audience else "")
        shown.setdefault(message.text, ([], message.blocks))[0].append(name)
    readings = [(" and ".join(names), blocks) for names, blocks in shown.values()]
    return UpdatePreview.view(incident, text, readings, remark=remark)
