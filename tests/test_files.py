"""A policy is read from its file, or it is said why not; whatever the file holds."""

import re
import textwrap
from pathlib import Path
from typing import get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.core.errors import PolicyError
from bot.core.policy import Policy
from bot.core.policy_parts import ROLES, Cadence
from bot.files import check_text, read_policy
from bot.files.keys import KEYS, PARTS
from bot.files.languages import read_languages

GOOD = """
    announce_in: "#incidents"
    unset_counts_as: SEV1
    severities:
      - name: SEV1
        means: Core service down
        first_update_minutes: 10
        then_every_minutes: 15
    boundaries:
      - {id: checkout, name: Checkout}
    audiences:
      - name: executives
        channel: "#exec-updates"
        hears: [SEV1]
        then_every_minutes: {SEV1: 30}
    roles:
      - {name: incident commander, short: [ic], does: leads}
      - {name: scribe, short: [scribe, notes], does: notes}
    archive_room_after_days: never
"""
LANGUAGES = read_languages(Path(__file__).parent.parent / "playbooks")
SHIPPED = (Path(__file__).parent.parent / "playbooks" / "policy.yml").read_text(encoding="utf-8")


def written(folder: Path, text: str) -> Path:
    """A playbooks folder with this policy."""
    (folder / "policy.yml").write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


def test_a_good_policy_is_read(tmp_path):
    assert read_policy(written(tmp_path, GOOD)).severity("SEV1").means == "Core service down"
    assert read_policy(tmp_path / "policy.yml") == read_policy(tmp_path)


def test_comments_and_layout_do_not_change_its_hash(tmp_path):
    first = read_policy(written(tmp_path, GOOD)).hash
    assert read_policy(written(tmp_path, "# a comment\n" + textwrap.dedent(GOOD))).hash == first
    assert read_policy(written(tmp_path, GOOD.replace("15", "20"))).hash != first


def test_words_that_yaml_turns_into_something_else_stay_words(tmp_path):
    text = GOOD.replace("name: Checkout", "name: no").replace("name: executives", "name: 2026-11-23")
    policy = read_policy(written(tmp_path, text))
    assert policy.boundaries[0].name == "no"
    assert policy.audience("2026-11-23") is not None


def test_the_bot_is_told_the_first_finding_and_how_many_more_there_are(tmp_path):
    text = GOOD.replace("every_minutes: 15", "every_minutes: soon").replace("hears: [SEV1]", "hears: [SEV7]")
    with pytest.raises(PolicyError) as error:
        read_policy(written(tmp_path, text))
    assert str(error.value).startswith(f"{tmp_path / 'policy.yml'}:8:25: soon is not a whole number")
    assert str(error.value).endswith("or `on phase change`. (1 more)")
    assert "\n" not in str(error.value)


def test_a_missing_policy_says_which_setting_names_its_folder(tmp_path):
    with pytest.raises(
        PolicyError, match=r"policy\.yml: there is no such file\. LOCKSTEP_PLAYBOOKS names its folder\."
    ):
        read_policy(tmp_path)
    with pytest.raises(PolicyError, match=r"other\.yml: there is no such file"):
        read_policy(tmp_path / "other.yml")


def test_a_policy_that_may_not_be_read_says_why(tmp_path):
    (tmp_path / "policy.yml").mkdir()
    with pytest.raises(PolicyError, match=r"cannot be read \(Is a directory\)"):
        read_policy(tmp_path)


ELSEWHERE = ("wording", "glossary")
"""What a policy has from other files than its own."""


def test_every_key_of_a_policy_is_known_to_the_check_and_its_example_is_good():
    for part, keys in KEYS.items():
        assert list(keys) == [field for field in part.model_fields if field not in ELSEWHERE]
        examples = {key: yaml.load(takes.example, yaml.BaseLoader) for key, takes in keys.items()}
        wording = {"wording": {"en": LANGUAGES.known["en"]}} if part is Policy else {}
        part.model_validate(examples | wording)
    lists = {name: get_args(field.annotation) for name, field in Policy.model_fields.items()}
    assert dict(PARTS) == {name: of[0] for name, of in lists.items() if len(of) == 2 and of[0] in KEYS}


NAMES = st.sampled_from(["SEV1", "sev1", "SEV2", "high", "incident commander", "Scribe", "scribe", "ic"])
SOME = st.lists(NAMES, min_size=1, max_size=3)
POLICIES = st.fixed_dictionaries(
    {
        "announce_in": st.just("#incidents"),
        "unset_counts_as": NAMES,
        "severities": SOME.map(
            lambda names: [
                {"name": name, "means": "x", "first_update_minutes": 1, "then_every_minutes": 1} for name in names
            ]
        ),
        "boundaries": st.lists(st.sampled_from("ab"), min_size=1, max_size=3).map(
            lambda ids: [{"id": id, "name": "x"} for id in ids]
        ),
        "audiences": st.lists(
            st.fixed_dictionaries(
                {
                    "name": st.sampled_from("ab"),
                    "channel": st.just("#a"),
                    "hears": SOME,
                    "then_every_minutes": st.dictionaries(NAMES, st.just(1), max_size=2),
                }
            ),
            max_size=2,
        ),
    },
    optional={
        "roles": st.lists(st.fixed_dictionaries({"name": NAMES, "short": SOME, "does": st.just("x")}), max_size=3),
        "may_call": st.lists(
            st.fixed_dictionaries(
                {"host": st.sampled_from(["a.example.com", "b.internal"])},
                optional={"port": st.sampled_from([443, 80])},
            ),
            max_size=3,
        ),
        "may_redact": st.lists(NAMES | st.sampled_from(["deputy", "@security", "U0123ABCD"]), max_size=3),
    },
)


@given(POLICIES)
@settings(max_examples=150, deadline=None)
def test_the_check_and_the_core_agree_on_what_is_a_policy(data):
    """What the core refuses is found, with its place; what it accepts is accepted."""
    try:
        expected = Policy.model_validate(data)
    except ValidationError:
        expected = None
    policy, found = check_text(yaml.safe_dump(data).encode())
    assert policy == expected
    assert any(finding.is_fatal for finding in found) == (expected is None)


ODD = st.one_of(
    st.sampled_from(list("\t\n\"'#@:-[]{}*&!%|>?`,\\ ")),
    st.sampled_from(["\n---\n", "SEV9", "  - ", '"\\ud800"', "\x00", "\x85", "\u2028", "\ufeff", "!!int x", "&a [*a]", "? "]),
    st.text(max_size=5),
)  # fmt: skip
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), ODD), min_size=1, max_size=4)


def mutated(edits: list[tuple[float, int, str]]) -> bytes:
    """The shipped policy, some of it replaced at these places."""
    text = SHIPPED
    for place, lost, new in edits:
        start = int(place * len(text))
        text = text[:start] + new + text[start + lost :]
    return text.encode("utf-8", "surrogatepass")


@given(EDITS)
@settings(max_examples=200, deadline=None)
def test_whatever_the_file_holds_it_gets_findings_with_advice_and_never_a_traceback(edits):
    written = mutated(edits)
    policy, found = check_text(written, LANGUAGES)
    assert (policy is None) == any(finding.is_fatal for finding in found)
    assert found == sorted(found)
    lines = written.decode("utf-8", "replace").splitlines()
    for finding in found:
        assert 1 <= finding.line <= len(lines) + 1
        assert 1 <= finding.column <= max(map(len, lines)) + 1
        assert str(finding).isprintable()
        assert len(re.split(r"[.?] (?=[A-Z])", finding.words)) >= 2
        assert finding.words.endswith((".", "?"))


def test_the_policy_we_ship_is_good_and_has_no_warnings():
    policy, found = check_text(SHIPPED.encode(), LANGUAGES)
    assert policy is not None and found == []
    assert [severity.name for severity in policy.severities] == ["SEV1", "SEV2", "SEV3", "SEV4"]
    assert [audience.name for audience in policy.audiences] == ["executives", "support", "product", "customers"]
    assert policy.roles == ROLES


def test_the_policy_we_ship_lets_a_person_send_what_customers_read_and_nobody_else_wait_for_one():
    policy, _ = check_text(SHIPPED.encode(), LANGUAGES)
    assert policy is not None
    assert [audience.name for audience in policy.audiences if audience.is_drafted] == ["customers"]


@pytest.mark.parametrize(
    ("audience", "cadences"),
    [
        ("executives", {"SEV1": (10, 30), "SEV2": (15, 60), "SEV3": (None, None)}),
        ("support", {"SEV1": (10, 15), "SEV2": (15, 30), "SEV3": (60, 60), "SEV4": (None, 1440)}),
        ("product", {"SEV1": (10, 15), "SEV2": (15, 30), "SEV3": (60, 60)}),
        ("customers", {"SEV1": (15, 30), "SEV2": (30, 60), "SEV3": (None, None)}),
    ],
)
def test_the_policy_we_ship_tells_each_audience_as_often_as_it_can_bear(audience, cadences):
    policy, _ = check_text(SHIPPED.encode(), LANGUAGES)
    assert policy is not None
    heard = [severity.name for severity in policy.severities if audience in policy.hearing(severity.name)]
    assert heard == list(cadences)
    for severity, (first, every) in cadences.items():
        expected = Cadence.model_validate({"first": first and first * 60, "every": every and every * 60})
        assert policy.cadence(audience, severity) == expected
