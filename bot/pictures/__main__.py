"""Draws one picture: `python -m bot.pictures KIND`, what to draw as JSON on standard input, the PNG on standard output. The bot
starts it for each picture, and what drawing needs of memory is gone with it."""

import sys

from bot.pictures.charts import CHARTS
from bot.pictures.kinds import Kind
from bot.pictures.map_scene import MapScene
from bot.pictures.scene import Scene
from bot.pictures.statistics import Statistics
from bot.pictures.swimlane import swimlane
from bot.pictures.system_map import system_map


def main() -> None:
    """Read, draw, write."""
    kind, given = Kind(sys.argv[1]), sys.stdin.buffer.read()
    if kind is Kind.INCIDENT:
        drawn = swimlane(Scene.model_validate_json(given))
    elif kind is Kind.MAP:
        drawn = system_map(MapScene.model_validate_json(given))
    else:
        drawn = CHARTS[kind](Statistics.model_validate_json(given))
    sys.stdout.buffer.write(drawn)


main()
