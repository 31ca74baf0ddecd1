"""docs/language.md says how much each rule weighs for whom."""

import re
from pathlib import Path

from bot.language.rules import RULES

PAGE = Path(__file__).parent.parent.parent / "docs" / "language.md"


def test_the_page_has_each_rule_with_its_levels():
    told = re.findall(r"^\| (U\d+) \| (\S+) \| (\S+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert told == [(rule.id, rule.internal or "–", rule.external or "–") for rule in RULES]
