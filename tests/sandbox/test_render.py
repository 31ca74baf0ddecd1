"""What a person reads: marks, mentions, links and dates as text."""

from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.blocks.render import blocks_text, message_text
from bot.sandbox.blocks.words import Reader, mrkdwn_text
from tests.sandbox.given import actions, button, plain, question, section, select, text_input

NOW = 1_800_000_000.0  # Friday, 15 January 2027, 08:00:00 UTC
NAMES = {"U1": "@alice", "C1": "#general", "S1": "@incident-leads"}
PARIS = Reader(zone=ZoneInfo("Europe/Paris"), now=NOW, name_of=NAMES.get)
TOKYO = Reader(zone=ZoneInfo("Asia/Tokyo"), now=NOW, name_of=NAMES.get)


@pytest.mark.parametrize(
    ("mrkdwn", "read"),
    [
        ("*bold* _soft_ ~gone~ snake_case_name 2*3*4", "bold soft gone snake_case_name 2*3*4"),
        ("`*kept*` and ```_this_```", "*kept* and _this_"),
        ("<@U1> <@U9> <#C1> <#C9|hall> <!here> <!subteam^S1|@x>", "@alice @U9 #general #hall @here @incident-leads"),
        ("<https://example.com|the page> <https://example.com>", "the page https://example.com"),
        ("a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
        ("*<@U1>* has *<https://x.y|a link>*", "@alice has a link"),
    ],
)
def test_mrkdwn_is_read_without_its_marks(mrkdwn: str, read: str):
    assert mrkdwn_text(mrkdwn, PARIS) == read


@pytest.mark.parametrize(
    ("form", "read"),
    [
        ("{time}", "09:00"),
        ("{time_secs}", "09:00:00"),
        ("{date_num}", "2027-01-15"),
        ("{date}", "January 15th, 2027"),
        ("{date_short}", "Jan 15, 2027"),
        ("{date_long}", "Friday, January 15th, 2027"),
        ("{date_short_pretty} at {time}", "today at 09:00"),
        ("{ago}", "now"),
        ("{nonsense}", "{nonsense}"),
    ],
)
def test_dates_are_read_in_the_readers_zone(form: str, read: str):
    assert mrkdwn_text(f"<!date^{int(NOW)}^{form}|fallback>", PARIS) == read


def test_another_zone_reads_another_time():
    token = f"<!date^{int(NOW) + 16 * 3600}^{{date_pretty}} {{time}}|fallback>"
    assert mrkdwn_text(token, TOKYO) == "tomorrow 09:00"
    assert mrkdwn_text(f"<!date^{int(NOW) - 120}^{{ago}}|x>", TOKYO) == "2 minutes ago"
    assert mrkdwn_text("<!date^soon^{time}|fallback>", TOKYO) == "fallback"


def test_blocks_are_read_line_by_line():
    blocks = [
        {"type": "header", "text": plain("INC-1 *literal*")},
        section("*Impact*\nNobody can pay", fields=[{"type": "mrkdwn", "text": "*Who:* <@U1>"}]),
        {"type": "divider"},
        actions(button("Advance"), select("SEV1", "SEV2", placeholder=plain("Severity"))),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "_since_"}, plain("noon")]},
    ]
    expected = "INC-1 *literal*\nImpact\nNobody can pay\nWho: @alice\n[Advance] [Severity]\nsince noon"
    assert message_text({"text": "fallback", "blocks": blocks}, PARIS) == expected


def test_a_form_is_read_with_what_was_typed():
    blocks = [question("Why?", text_input(), "why", hint=plain("In one line"))]
    values = {"why": {"text": {"type": "plain_text_input", "value": "Because"}}}
    assert blocks_text(blocks, PARIS, values) == "Why?: [Because]\nIn one line"


def test_rich_text_is_read_as_text():
    runs = [{"type": "user", "user_id": "U1"}, {"type": "text", "text": " says "}, {"type": "emoji", "name": "wave"}]
    listed = {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [{"type": "rich_text_section", "elements": runs}],
    }
    assert blocks_text([{"type": "rich_text", "elements": [listed]}], PARIS) == "• @alice says :wave:"
