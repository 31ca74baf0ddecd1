"""Drawings of playbooks: nothing lies on anything else, every step is there, and those in the documents are up to date."""

from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from typer.testing import CliRunner

from bot.cli import cli
from bot.core.playbooks.model import Playbook
from bot.drawing import composed, drawn, to_png, to_svg
from bot.drawing.layers import layered
from bot.drawing.scene import Frame, text_width
from bot.files.playbooks import check_playbook, find_playbooks
from tests.core.playbooks.random_runs import playbooks

ROOT = Path(__file__).parents[2]
SHIPPED = find_playbooks(ROOT / "playbooks")


def read(path: Path) -> Playbook:
    """One of the playbooks that come with Lockstep."""
    playbook, _ = check_playbook(path.stem, path.read_bytes(), None)
    assert playbook is not None
    return playbook


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_drawings_in_the_documents_are_those_of_the_files(path):
    kept = ROOT / "docs" / "playbooks" / f"{path.stem}.svg"
    assert kept.read_text(encoding="utf-8") == to_svg(composed(drawn(read(path))))


@settings(max_examples=60, deadline=None)
@given(playbooks())
def test_no_box_lies_on_another_and_all_lie_within_the_picture(playbook):
    scene = composed(drawn(playbook))
    boxes = [frame for frame in scene.frames if frame.has_band]
    assert len(boxes) == len(playbook.steps)
    for one, other in combinations(boxes, 2):
        apart_across = one.at[0] + one.size[0] <= other.at[0] or other.at[0] + other.size[0] <= one.at[0]
        apart_down = one.at[1] + one.size[1] <= other.at[1] or other.at[1] + other.size[1] <= one.at[1]
        assert apart_across or apart_down
    for frame in scene.frames:
        assert frame.at[0] >= 0 and frame.at[0] + frame.size[0] <= scene.size[0]
        assert frame.at[1] >= 0 and frame.at[1] + frame.size[1] <= scene.size[1]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_no_arrow_runs_through_a_box_that_it_does_not_join(path):
    scene = composed(drawn(read(path)))
    boxes = [frame for frame in scene.frames if frame.has_band]
    for line in scene.lines:
        inside = [frame for frame in boxes for x, y in line.points if _is_within(frame, x, y)]
        assert inside == []


def _is_within(frame: Frame, x: float, y: float) -> bool:
    (left, top), (width, height) = frame.at, frame.size
    return left + 1 < x < left + width - 1 and top + 1 < y < top + height - 1


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_step_is_there_with_its_title_and_no_text_leaves_its_box(path):
    playbook = read(path)
    scene = composed(drawn(playbook))
    words = " ".join(text.words for text in scene.texts if text.is_bold)
    for step in playbook.steps.values():
        assert all(word in words for word in step.title.split())
    boxes = [frame for frame in scene.frames if frame.has_band]
    for text in scene.texts:
        for frame in boxes:
            if _is_within(frame, *text.at):
                assert text.at[0] + text_width(text.words, text.size) <= frame.at[0] + frame.size[0]


def test_arrows_lead_down_but_for_those_that_close_a_circle():
    layers = layered(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a"), ("a", "c")])
    assert layers.rows[0] == ("a",)
    rank = {name: number for number, row in enumerate(layers.rows) for name in row}
    assert (rank["a"], rank["b"], rank["c"]) == (0, 1, 2)
    assert layers.paths["c", "a"][0] == "c" and layers.paths["c", "a"][-1] == "a"
    assert len(layers.paths["a", "c"]) == 3  # it passes an empty place beside b


def test_the_command_writes_svg_and_png_and_says_what_else_it_cannot(tmp_path):
    file = str(SHIPPED[0])

    def drew(*out: str):
        return CliRunner().invoke(cli, ["playbook", "draw", file, *out])

    printed = drew().output
    assert ElementTree.fromstring(printed).tag == "{http://www.w3.org/2000/svg}svg"
    svg, png = tmp_path / "a.svg", tmp_path / "a.png"
    assert drew("--out", str(svg)).exit_code == 0 and svg.read_text(encoding="utf-8") == printed
    assert drew("--out", str(png)).exit_code == 0 and png.read_bytes().startswith(b"\x89PNG\r\n")
    refused = drew("--out", str(tmp_path / "a.gif"))
    assert refused.exit_code != 0 and "Write a name that ends in .svg or .png." in str(refused.exception)


def test_a_title_with_signs_that_svg_knows_stays_a_title():
    playbook = read(SHIPPED[0]).but(title='Less < more & "so on"')
    svg = to_svg(composed(drawn(playbook)))
    title = ElementTree.fromstring(svg).find("{http://www.w3.org/2000/svg}title")
    assert title is not None and title.text == 'Less < more & "so on"'
    assert to_png(composed(drawn(playbook))).startswith(b"\x89PNG")
