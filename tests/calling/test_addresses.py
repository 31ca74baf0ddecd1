"""Which addresses may be connected to, whatever name led there."""

from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calling.addresses import is_allowed

INSIDE = [
    "127.0.0.1",
    "127.255.255.254",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "::1",
    "fd12::1",
]
OUTSIDE = ["93.184.216.34", "172.32.0.1", "11.0.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"]
NOBODYS = [
    *("0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.0.0.170", "192.88.99.1"),
    *("100.100.100.200", "168.63.129.16", "fd00:ec2::254"),
    *("::", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1"),
    *("::ffff:10.0.0.1", "::ffff:93.184.216.34", "::ffff:7f00:1", "::10.0.0.1", "::7f00:1"),
    *(
        "64:ff9b::a00:1",
        "64:ff9b::5db8:d822",
        "64:ff9b:1::a00:1",
        "2002:a00:1::1",
        "2002:5db8:d822::1",
        "2001:0:a00:1::1",
    ),
    *(
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.1",
        "127.0.0.01",
        "localhost",
        "",
        " 127.0.0.1",
        "[::1]",
    ),
]


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_only_for_hosts_that_are_internal(address: str):
    assert is_allowed(address, is_internal=True) and not is_allowed(address, is_internal=False)


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_outside_is_for_all(address: str):
    assert is_allowed(address, is_internal=True) and is_allowed(address, is_internal=False)


@pytest.mark.parametrize("address", NOBODYS)
def test_what_is_nobodys_is_for_none(address: str):
    assert not is_allowed(address, is_internal=True) and not is_allowed(address, is_internal=False)


@given(st.ip_addresses())
def test_what_python_does_not_call_global_is_never_outside(address):
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert not is_allowed(str(address), is_internal=False)


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "64:ff9b::", "::", "64:ff9b:1::"]))
def test_no_address_is_reached_through_another_kind(address, prefix: str):
    if int(address) > 1:
        within = IPv6Address(int(IPv6Address(prefix)) + int(address))
        assert not is_allowed(str(within), is_internal=True)


@given(st.ip_addresses(v=4))
def test_nor_by_way_of_6to4(address):
    within = IPv6Address((0x2002 << 112) + (int(address) << 80))
    assert not is_allowed(str(within), is_internal=True)
