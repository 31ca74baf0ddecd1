"""Which addresses lead to a host that a policy lists, and which only look as if they did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from yarl import URL

from bot.core.hosts import Host, Target, Unlisted, is_ours, target

DEPLOYS = Host(host="deploys.example.com")
INSIDE = Host(host="edge.internal", port=8080, internal=True)
NUMBER = Host(host="10.0.0.7", internal=True)
HOSTS = (DEPLOYS, INSIDE, NUMBER)


@pytest.mark.parametrize(
    ("url", "to"),
    [
        ("https://deploys.example.com/api/freeze?why=a%20b", Target(DEPLOYS, "https", 443)),
        ("https://deploys.example.com", Target(DEPLOYS, "https", 443)),
        ("https://DEPLOYS.example.com:443/", Target(DEPLOYS, "https", 443)),
        ("http://edge.internal:8080/x", Target(INSIDE, "http", 8080)),
        ("https://edge.internal:8080/x", Target(INSIDE, "https", 8080)),
        ("http://10.0.0.7/a..b/...", Target(NUMBER, "http", 80)),
    ],
)
def test_a_host_that_is_listed_may_be_called(url: str, to: Target):
    assert target(url, HOSTS) == to


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.com/",
        "https://deploys.example.com.evil.com/",
        "https://evil-deploys.example.com/",
        "https://com/",
        "http://deploys.example.com/",  # without TLS
        "https://deploys.example.com:8443/",  # odd ports
        "https://deploys.example.com:0443/",
        "https://deploys.example.com:+443/",
        "https://deploys.example.com:443:80/",
        "https://deploys.example.com:/",
        "https://deploys.example.com:99999/",
        "https://edge.internal/",
        "https://deploys.example.com./",  # a dot at its end
        "https://deploys.example.com../",
        "https://user@deploys.example.com/",  # users that look like hosts
        "https://deploys.example.com@evil.com/",
        "https://deploys.example.com:443@evil.com/",
        "https://deploys.example.com%40evil.com/",
        "https://evil.com#@deploys.example.com/",
        "https://evil.com\\@deploys.example.com/",
        "https://evil.com/@deploys.example.com/",
        "https://evil.com?@deploys.example.com/",
        "https:///deploys.example.com/",
        "https:/deploys.example.com/",
        "https:deploys.example.com/",
        "//deploys.example.com/",
        "deploys.example.com/",
        "HTTPS://deploys.example.com/",
        "ftp://deploys.example.com/",  # other schemes
        "file:///etc/passwd",
        "gopher://deploys.example.com:443/_x",
        "data:text/plain,x",
        "javascript:alert(1)",
        "unix:///var/run/docker.sock",
        "https://[::1]/",  # IPv6, mapped and not
        "https://[::ffff:10.0.0.7]/",
        "https://[::ffff:a00:7]/",
        "https://[64:ff9b::a00:7]/",
        "http://167772167/",  # 10.0.0.7 in other ways
        "http://0xa000007/",
        "http://0x0a.0.0.7/",
        "http://012.0.0.7/",
        "http://10.0.7/",
        "http://10.7/",
        "http://10.0.0.7./",
        "http://010.000.000.007/",
        "http://10.0.0.07/",
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/",
        "http://0/",
        "https://dеploys.example.com/",  # a Cyrillic letter
        "https://ｄeploys.example.com/",
        "https://deploys。example.com/",
        "https://deploys.example.com\uff0fevil.com/",
        "https://xn--dploys-3bg.example.com/",
        "https://deploys%2eexample.com/",
        "https://deploys.exam\u00adple.com/",
        "https://deploys.example.com/\r\nHost: evil.com",  # breaks of the line
        "https://deploys.example.com/a\nb",
        "https://deploys.example.com\t/",
        "https://deploys.example.com /",
        " https://deploys.example.com/",
        "https://deploys.example.com/\x00",
        "https://deploys.example.com/é",
        "https://deploys.example.com/#there",
        "https://deploys.example.com/api/../admin",  # ways upwards
        "https://deploys.example.com/api/..",
        "https://deploys.example.com/api/./x",
        "https://deploys.example.com/api/%2e%2e/admin",
        "https://deploys.example.com/api/%252e%252e/admin",
        "https://deploys.example.com/api/..%2fadmin",
        "https://deploys.example.com/api/%2e%2e%5cadmin",
        "https://${service}.example.com/",
        "",
    ],
)
def test_all_else_is_not_that_host(url: str):
    found = target(url, HOSTS)
    assert isinstance(found, Unlisted)
    assert found.why.isprintable() and "/api" not in found.why


def test_nothing_may_be_called_where_nothing_is_listed():
    assert target("https://deploys.example.com/", ()) == Unlisted(
        "deploys.example.com is not one of the hosts that the policy lets playbooks call"
    )


PIECES = st.sampled_from(
    [
        *(
            "https://",
            "http://",
            "deploys.example.com",
            "10.0.0.7",
            "edge.internal",
            ":8080",
            ":443",
            "/",
            "//",
            "@",
            "\\",
        ),
        *("#", "?", "evil.com", "%", "%2f", "[", "]", "::1", ".", "..", " ", "\t", "é", ":", "x", "&", "="),
    ]
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_another_reader_finds_the_same_host_in_whatever_may_be_called(url: str):
    found = target(url, HOSTS)
    if isinstance(found, Target):
        read = URL(url, encoded=True)
        assert (read.scheme, (read.raw_host or "").lower(), read.port) == (found.scheme, found.host.host, found.port)
        assert read.raw_user is None and read.raw_password is None


@pytest.mark.parametrize(
    "host",
    [
        *("EXAMPLE.com", "example.com.", "-a.com", "a..b", "2130706433", "0x7f.1", "010.0.0.1", "256.0.0.1", "1.2.3"),
        *("::1", "a b", "é.com", "*.example.com", "user@a.com", "a.com:80", "", "a" * 64 + ".com"),
    ],
)
def test_a_policy_lists_hosts_by_their_plain_names(host: str):
    with pytest.raises(ValidationError):
        Host(host=host)


@pytest.mark.parametrize(
    "host", ["localhost", "a.b-c.example.com", "10.0.0.7", "255.255.255.255", "1password.com", "xn--bcher-kva.de"]
)
def test_such_are_plain_names(host: str):
    assert Host(host=host).host == host


def test_how_a_message_is_sent_is_not_for_a_playbook_to_say():
    assert all(
        map(is_ours, ["Host", "content-length", "Transfer-Encoding", "Connection", "Proxy-Authorization", "UPGRADE"])
    )
    assert not any(map(is_ours, ["Authorization", "Content-Type", "X-Reason", "Accept"]))
