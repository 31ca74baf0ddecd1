"""What may be done to canvases: make them of Markdown, change a section, find sections, delete. Knows no method of the
API.

From Slack's documentation, canvases.create, canvases.edit and canvases.sections.lookup. How Slack cuts Markdown into
sections it does not say: here a heading, a fenced block and every run of other lines is one [inferred].
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from html import escape

from bot.sandbox.ids import random_id
from bot.sandbox.workspace.state import Canvas, Section
from bot.sandbox.workspace.workspace import Workspace

HEADINGS = ("h1", "h2", "h3")
OPERATIONS = ("insert_after", "insert_before", "insert_at_start", "insert_at_end", "replace", "delete", "rename")
AT_A_SECTION = ("insert_after", "insert_before", "delete")
"""The operations that must name a section; `replace` may, and changes the whole canvas otherwise."""

_HEADING = re.compile(r"(#{1,3})\s+\S")
_QUOTED_LIST = re.compile(r"\s*>\s*(?:[-*+]|\d+[.)])\s")


class Unsupported(ValueError):
    """Markdown that a canvas cannot hold, in the words of Slack's `detail`."""


def create(workspace: Workspace, user: str, title: str, markdown: str, *, channel: str = "") -> Canvas:
    """A canvas owned by `user`, with a tab in a channel if one is named. Unsupported."""
    canvas = Canvas(id=random_id("F"), title=title, user=user, created=workspace.now(), channel=channel)
    canvas.sections = _sections(split(markdown))
    workspace.canvases[canvas.id] = canvas
    workspace.changed()
    return canvas


def split(markdown: str) -> list[str]:
    """Markdown cut into sections. Unsupported for a list within a quotation."""
    parts: list[list[str]] = [[]]
    for line, fenced in _lines(markdown):
        heading = not fenced and _HEADING.match(line)
        blank = not fenced and not line.strip()
        if heading or blank:
            parts.append([])
        if not blank:
            parts[-1].append(line)
        if heading:
            parts.append([])
    return ["\n".join(part) for part in parts if part]


def _lines(markdown: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it belongs to a fenced block. Unsupported."""
    open_fence = False
    for number, line in enumerate(markdown.splitlines(), start=1):
        fence = line.startswith("```")
        if not open_fence and _QUOTED_LIST.match(line):
            raise Unsupported(f"'content' error: line {number}: Unsupported block type (List) within block quote")
        yield line, open_fence or fence
        open_fence ^= fence


def _sections(texts: list[str]) -> list[Section]:
    """Sections with new ids. Every edit gives all of them new ones (seen at Slack: shaharia-lab/slackcli#66)."""
    return [Section(id=f"temp:C:{secrets.token_hex(14)}", markdown=text) for text in texts]


def position(canvas: Canvas, section_id: str) -> int | None:
    """Where the section with this id stands; None when there is none (any more)."""
    return next((index for index, section in enumerate(canvas.sections) if section.id == section_id), None)


def edited(canvas: Canvas, operation: str, at: int | None, markdown: str) -> list[str]:
    """The sections that an operation at a position leads to. Unsupported."""
    texts = [section.markdown for section in canvas.sections]
    place = 0 if at is None else at
    start, stop = {
        "insert_at_start": (0, 0),
        "insert_at_end": (len(texts), len(texts)),
        "insert_before": (place, place),
        "insert_after": (place + 1, place + 1),
        "replace": (0, len(texts)) if at is None else (place, place + 1),
        "delete": (place, place + 1),
    }[operation]
    return texts[:start] + split(markdown) + texts[stop:]


def rewrite(workspace: Workspace, canvas: Canvas, texts: list[str]) -> None:
    """Give a canvas these sections."""
    canvas.sections = _sections(texts)
    workspace.changed()


def rename(workspace: Workspace, canvas: Canvas, title: str) -> None:
    """Give a canvas another title."""
    canvas.title = title
    workspace.changed()


def delete(workspace: Workspace, canvas: Canvas) -> None:
    """Delete a canvas; its channel may have another one."""
    canvas.deleted = True
    channel = workspace.channels.get(canvas.channel)
    if channel is not None and channel.canvas == canvas.id:
        channel.canvas = None
    workspace.changed()


def grant(workspace: Workspace, canvas: Canvas, entity: str, level: str) -> None:
    """Set the level of a person or channel. A new owner leaves the old one the right to write [inferred]."""
    if level == "owner":
        canvas.access[canvas.user] = "write"
        canvas.user = entity
        canvas.access.pop(entity, None)
    else:
        canvas.access[entity] = level
    workspace.changed()


def find(canvas: Canvas, kinds: tuple[str, ...], text: str) -> list[Section]:
    """The sections of one of these kinds (none: of any) that contain a text, in its own case [inferred]."""
    return [
        section for section in canvas.sections if (not kinds or kind_of(section) in kinds) and text in section.markdown
    ]


def kind_of(section: Section) -> str | None:
    """Which heading a section is, if any."""
    heading = _HEADING.match(section.markdown)
    return HEADINGS[len(heading[1]) - 1] if heading else None


def may_read(workspace: Workspace, canvas: Canvas, user: str) -> bool:
    """Whether this user may see the canvas: as its owner, by a level, or by a channel with it."""
    if canvas.deleted:
        return False
    channels = [workspace.channels.get(name) for name in (canvas.channel, *canvas.access)]
    return user in (canvas.user, *canvas.access) or any(one is not None and one.visible_to(user) for one in channels)


def html(canvas: Canvas) -> str:
    """A canvas as a page of HTML; the ids of its elements are those of its sections, as in Slack's."""
    body = "\n".join(_element(section) for section in canvas.sections)
    title = escape(canvas.title or "Untitled")
    return f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>'


def _element(section: Section) -> str:
    """One section as an element of HTML."""
    kind = kind_of(section)
    text = section.markdown.lstrip("#").strip() if kind else section.markdown
    tag = kind or "pre"
    return f'<{tag} id="{section.id}">{escape(text)}</{tag}>'
