"""The policy: its roles, how often an audience hears, whose updates a person sends, and what its file must get right."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from bot.core.incident import COMMANDER
from bot.core.policy_parts import ON_PHASE_CHANGE, Cadence
from tests.core.given import POLICY, POLICY_WITH_DRAFTS, policy_with, with_audience

LEADER = {"name": COMMANDER, "short": ["ic"], "does": "leads"}


def minutes(number: int) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=number)


def test_a_policy_that_names_no_roles_has_the_usual_five_and_archives_nothing():
    assert [role.name for role in POLICY.roles] == [
        COMMANDER,
        "deputy",
        "communications lead",
        "operations lead",
        "scribe",
    ]
    assert POLICY.ask_for_commander_after_minutes == 2 and POLICY.archive_room_after_days == "never"


@pytest.mark.parametrize("typed", ["commander", "IC", " Commander ", "Incident Commander"])
def test_a_role_is_known_by_its_name_and_its_short_words_in_any_case(typed):
    role = POLICY.role(typed)
    assert role is not None and role.name == COMMANDER


@pytest.mark.parametrize("typed", ["", "command", "incident", "lead"])
def test_a_part_of_a_role_is_no_role(typed):
    assert POLICY.role(typed) is None


@pytest.mark.parametrize(
    "roles",
    [
        [],
        [{"name": "scribe", "short": ["scribe"], "does": "writes"}],
        [LEADER, {**LEADER, "short": ["boss"]}],
        [LEADER, {"name": "scribe", "short": ["IC"], "does": "writes"}],
        [LEADER, {"name": "IC", "short": ["second"], "does": "is not meant by it"}],
        [LEADER, {"name": "scribe", "short": ["Incident Commander"], "does": "writes"}],
        [{"name": "leader", "short": [COMMANDER], "does": "leads"}],
        [{**LEADER, "short": []}],
        [LEADER, *({"name": f"role {n}", "short": [f"r{n}"], "does": "x"} for n in range(20))],
    ],
    ids=[
        "none",
        "no commander",
        "a name twice",
        "a short word twice",
        "a name that is a short word",
        "a short word that is a name",
        "the commander as a short word only",
        "no short word",
        "too many",
    ],
)
def test_roles_that_leave_open_who_is_meant_are_refused(roles):
    with pytest.raises(ValidationError):
        policy_with(roles=roles)


def test_a_company_may_have_roles_of_its_own():
    own = policy_with(roles=[LEADER, {"name": "Vendor contact", "short": ["vendor"], "does": "calls the vendor"}])
    for typed in ("VENDOR", "vendor contact", "Vendor contact"):
        found = own.role(typed)
        assert found is not None and found.name == "Vendor contact"
    assert own.role("scribe") is None


def test_severities_that_people_could_not_tell_apart_when_they_type_them_are_refused():
    worst, *others = POLICY.model_dump()["severities"]
    with pytest.raises(ValidationError):
        policy_with(severities=[worst, {**worst, "name": "sev1"}, *others])


def test_an_audience_hears_as_often_as_the_severity_says_unless_it_has_a_cadence_of_its_own():
    assert POLICY_WITH_DRAFTS.cadence("support", "SEV1") == Cadence(first=minutes(10), every=minutes(15))
    assert POLICY_WITH_DRAFTS.cadence("customers", "SEV1") == Cadence(first=minutes(10), every=minutes(25))
    assert POLICY_WITH_DRAFTS.cadence("customers", "SEV2") == Cadence(first=minutes(20), every=minutes(45))
    assert POLICY_WITH_DRAFTS.cadence("customers", "SEV3") == Cadence(first=minutes(60), every=minutes(60))


def test_without_a_severity_the_cadence_is_that_of_the_one_it_counts_as():
    assert POLICY_WITH_DRAFTS.cadence("customers", None) == POLICY_WITH_DRAFTS.cadence("customers", "SEV2")


def test_an_audience_can_hear_only_when_the_phase_changes():
    policy = with_audience(first_update_minutes={"SEV1": ON_PHASE_CHANGE}, then_every_minutes={"SEV2": ON_PHASE_CHANGE})
    assert policy.cadence("product", "SEV1") == Cadence(first=None, every=minutes(15))
    assert policy.cadence("product", "SEV2") == Cadence(first=minutes(15), every=None)


def test_a_severity_too_can_be_told_only_when_the_phase_changes():
    quiet = {**POLICY.model_dump()["severities"][2], "first_update_minutes": ON_PHASE_CHANGE}
    policy = policy_with(severities=[*POLICY.model_dump()["severities"][:2], quiet])
    assert policy.cadence("support", "SEV3") == Cadence(first=None, every=minutes(60))


@pytest.mark.parametrize(
    "audience",
    [
        {"hears": []},
        {"hears": ["SEV9"]},
        {"then_every_minutes": {"SEV9": 10}},
        {"first_update_minutes": {"SEV9": 10}},
        {"then_every_minutes": {"SEV1": 0}},
        {"then_every_minutes": {"SEV1": "sometimes"}},
        {"sent_by": "somebody"},
        {"name": "support"},
        {"name": "Product team"},
        {"channel": "product"},
    ],
    ids=lambda audience: " ".join(map(str, *audience.items())),
)
def test_an_audience_that_could_not_be_served_is_refused(audience):
    with pytest.raises(ValidationError):
        with_audience(**audience)


def test_only_what_a_person_must_send_is_drafted():
    drafted = {audience.name: audience.is_drafted for audience in POLICY_WITH_DRAFTS.audiences}
    assert drafted == {"executives": False, "support": False, "customers": True}


@pytest.mark.parametrize("days", [-1, 367, "soon", 1.5])
def test_a_room_is_archived_after_whole_days_within_a_year_or_never(days):
    with pytest.raises(ValidationError):
        policy_with(archive_room_after_days=days)


@pytest.mark.parametrize("wait", [0, -1, 7 * 24 * 60 + 1])
def test_the_wait_for_a_commander_is_a_matter_of_minutes(wait):
    with pytest.raises(ValidationError):
        policy_with(ask_for_commander_after_minutes=wait)


def test_the_hash_is_that_of_the_content_and_of_nothing_else():
    assert policy_with().hash == POLICY.hash
    assert len({POLICY.hash, POLICY_WITH_DRAFTS.hash, policy_with(archive_room_after_days=0).hash}) == 3


def test_a_policy_is_read_back_as_it_was_kept():
    assert type(POLICY).model_validate_json(POLICY_WITH_DRAFTS.canonical()) == POLICY_WITH_DRAFTS
