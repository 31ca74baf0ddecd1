"""Labels of alerts, as people paste them after what they say: `Checkout is failing alertname=HighErrorRate job="checkout"`."""

import re
from collections.abc import Mapping

_LAST = re.compile(r"(?:^|\s)([A-Za-z_][A-Za-z0-9_]{0,59}=(?:\"[^\"]*\"|[^\s\"=]+)),?\s*$")
MOST = 20
"""So many labels are read."""


def split_labels(text: str) -> tuple[str, str | None]:
    """What the text says, and the labels with which it ends, a space between; None when there are none."""
    labels = list[str]()
    while len(labels) < MOST and (found := _LAST.search(text)):
        labels.insert(0, found[1])
        text = text[: found.start()]
    return text.strip(), " ".join(labels) or None


def read_labels(labels: str | None) -> Mapping[str, str]:
    """The labels by their names; of what was redacted, none."""
    pairs = (pair.partition("=") for pair in re.findall(r"\S+=\"[^\"]*\"|\S+", labels or ""))
    return {name: value.strip('"') for name, is_pair, value in pairs if is_pair and value.strip('"')}
