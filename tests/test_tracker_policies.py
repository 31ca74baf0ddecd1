"""Issue trackers that a policy names: what the check says when a call to one would be refused, before anybody presses a button."""

import pytest

from bot.files import check_text
from tests.operating.test_lint import GOOD

TRACKER = """
issue_trackers:
  - {name: github, kind: github, api: "https://api.github.com", project: shop/checkout, token: GITHUB_TOKEN}
"""
LISTED = """
may_call:
  - {host: api.github.com, secrets: [GITHUB_TOKEN]}
"""
ADD = "`may_call` needs its host, with `secrets: [GITHUB_TOKEN]`."


def findings(text: str) -> list[str]:
    """What the check has to say about this text."""
    return [str(finding) for finding in check_text(text.encode())[1]]


def test_a_tracker_whose_host_is_listed_with_its_token_is_good():
    assert findings(GOOD + TRACKER + LISTED) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("host: api.github.com", "host: github.com"),
        ("host: api.github.com", "host: api.github.com, port: 8443"),
        ("[GITHUB_TOKEN]", "[OTHER_TOKEN]"),
        (", secrets: [GITHUB_TOKEN]", ""),
        (LISTED, ""),
    ],
    ids=["another host", "another port", "another secret", "no secret", "nothing listed"],
)
def test_one_to_which_every_call_would_be_refused_is_named_with_what_to_add(old: str, new: str):
    (found,) = findings(GOOD + TRACKER + LISTED.replace(old, new))
    assert found.startswith("22:39: ") and found.endswith(ADD), found


def test_each_of_several_is_looked_at_alone():
    other = '  - {name: inside, kind: gitlab, api: "https://git.internal/gitlab", project: a/b, token: LAB_TOKEN}\n'
    (found,) = findings(GOOD + TRACKER + other + LISTED)
    assert found.startswith("23:39: ") and "`secrets: [LAB_TOKEN]`" in found


def test_a_host_that_is_itself_badly_written_is_one_finding_and_lets_nothing_through():
    found = findings(GOOD + TRACKER + LISTED.replace("host: api.github.com", "host: 'not a host'"))
    assert any(one.startswith("22:39: ") and one.endswith(ADD) for one in found)
    assert any(one.startswith("25:") for one in found)


def test_two_of_one_name_are_said():
    (found,) = findings(GOOD + TRACKER + TRACKER.partition("issue_trackers:\n")[2] + LISTED)
    assert "issue tracker" in found and "github" in found
