"""Drawing the two forms of a written update, which need the service to say what each audience would read."""

from collections.abc import Sequence

from bot.core.incident import Incident
from bot.core.router.updates import addressed, listeners
from bot.language import apply
from bot.service import Service
from bot.slack.blocks import Block
from bot.slack.forms.modal import View
from bot.slack.forms.update import UpdateForm, UpdatePreview, Written, worded
from bot.slack.listeners.act import Act
from bot.slack.messages import updates
from bot.slack.messages.plain import ALL, key
from bot.slack.text import escape


async def writing_form(
    service: Service, incident: Incident, *, typed: str = "", audiences: Sequence[str] = ()
) -> View | None:
    """The form with what was typed already, else with what the record says, for these audiences, else for all but those whose
    updates are drafted; None when nobody would read it."""
    policy = await service.policy_of(incident)
    listening = listeners(incident, policy)
    chosen = audiences or addressed(incident, policy) or listening
    if not listening:
        return None
    composed = await service.preview(incident, "", chosen[:1])
    return UpdateForm.view(incident, typed or updates.body(composed[0]), listening, chosen)


async def draft_form(
    service: Service, incident: Incident, audience: str, names: Sequence[str] = (), *, remark: str = ""
) -> View:
    """The form that shows what this audience reads if the draft is sent, as the record stands now."""
    return await preview_form(service, incident, await composed(service, incident, audience), names, remark=remark)


async def composed(service: Service, incident: Incident, audience: str) -> Written:
    """What this audience reads if nobody words it otherwise."""
    (event,) = await service.preview(incident, "", [audience], is_due=True)
    told = incident.told.get(audience)
    return Written(worded(updates.body(event)), (audience,), told.updates if told else 0, is_composed=True)


async def preview_form(
    service: Service, incident: Incident, written: Written, names: Sequence[str] = (), *, remark: str = ""
) -> View:
    """The form that shows what each audience would read, and what the rules find in it, also by the `names` of the incident's
    people; audiences that read the same are shown together."""
    policy = await service.policy_of(incident)
    found = await service.findings(incident, written.text, written.audiences, names)
    shown: dict[str, tuple[list[str], list[Block]]] = {}
    for event in await service.preview(incident, written.text, written.audiences):
        audience, message = policy.audience(event.audience), updates.update(event)
        name = f"*{escape(event.audience)}*" + (
            f" in {escape(audience.channel)}" if audience and audience.channel else ""
        )
        shown.setdefault(message.text, ([], message.blocks))[0].append(name)
    readings = [(" and ".join(names), blocks) for names, blocks in shown.values()]
    return UpdatePreview.view(incident, written, readings, remark=remark, findings=found)


async def use_plain(act: Act) -> View:
    """`Use …` beside what was found: it stands in the text from now on, also behind `Back`. Nothing is sent."""
    drawn = act.sent.drawn
    now = await act.incident(drawn.number)
    written = await shown_in(act, now)
    names = await act.names(now)
    found = await act.service.findings(now, written.text, written.audiences, names)
    chosen = act.pressed.finding
    mended = apply(written.text, [one for one in found if chosen in (ALL, key(one))])
    if mended == written.text:
        return await preview_form(act.service, now, written, names)
    behind = act.body["view"].get("previous_view_id")
    if behind:
        policy = await act.service.policy_of(now)
        form = UpdateForm.view(now, mended, listeners(now, policy), written.audiences, anew=True)
        await act.client.views_update(view_id=behind, view=form)
    return await preview_form(act.service, now, Written(mended, written.audiences, written.updates), names)


async def shown_in(act: Act, now: Incident) -> Written:
    """What the preview shows in which somebody did something."""
    drawn = act.sent.drawn
    if drawn.text is None:
        (audience,) = drawn.audiences
        return await composed(act.service, now, audience)
    return Written(drawn.text, drawn.audiences, drawn.updates)
