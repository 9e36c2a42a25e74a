"""Which addresses belong to the public network, and which spellings are no way round."""

import pytest

from ivr.outbound.addresses import Reach, host_of, is_public, plain_host, reach_of, reach_of_host

PUBLIC = ("93.184.215.14", "1.1.1.1", "100.63.255.255", "172.32.0.1", "223.255.255.255", "2606:4700:4700::1111")
NOT_PUBLIC = (
    *("0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254"),  # noqa: S104 - nobody binds here
    *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1"),
    *("198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.215.14"),
    *("::ffff:0:10.0.0.1", "::ffff:0:93.184.215.14", "64:ff9b::10.0.0.1", "64:ff9b::93.184.215.14", "64:ff9b:1::1"),
    *("100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1"),
    *("3fff::1", "5f00::1", "fc00::1", "fd00::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1"),
)  # fmt: skip

# The host of a URL as somebody may write it to hide this machine or a private network.
DISGUISED = (
    *("127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0", "10.1", "0xa.1"),
    *("127.0.0.1.", "127.0.0.0x1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "127.0.0.01", "１２７.0.0.1", "127。0。0。1"),
    *("LOCALHOST", "localhost.", "localhost", "ⓛocalhost", "intranet", "", ".", "a..b.example", "-a.example"),
    *("exa mple.org", "a/b.example", "exa%6dple.org", "127.0.0.1%00.example.org", "127.0.0.1\\.example.org"),
)  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_public_network(address: str):
    assert is_public(address)
    assert Reach.PUBLIC.covers(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_every_other_address(address: str):
    """Private, reserved, multicast, and IPv4 in each of the disguises that IPv6 has for it."""
    assert not is_public(address)
    host = f"[{address}]" if ":" in address else address
    assert reach_of(f"https://{host}/hook", local=False) is None
    assert reach_of_host(address, local=False) is None


@pytest.mark.parametrize("host", DISGUISED)
def test_a_disguise(host: str):
    assert reach_of(f"https://{host}/hook", local=False) is None
    assert reach_of_host(host, local=False) is None


@pytest.mark.parametrize(
    "url",
    [
        *("http://robots.example.org/", "ftp://robots.example.org/", "file:///etc/passwd", "//robots.example.org", ""),
        *("https://user@robots.example.org/", "https://@robots.example.org/", "https://", "https://a.example:x/"),
        *("https://robots.example.org:99999/", "https://[::1", "https://[fe80::1%25eth0]/", "https://[v1.x]/"),
        *("https://robots.example.org@127.0.0.1/", "https://127.0.0.1#@robots.example.org/", "javascript:alert(1)"),
    ],
)  # fmt: skip
def test_what_is_no_address_to_send_to(url: str):
    assert reach_of(url, local=False) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        "HTTPS://Robots.Example.Org:8443/",
        "https://93.184.215.14/",
        "https://[2606:4700:4700::1111]/",
        "https://a_b.example.org/",
        "https://社区.example.org/",
        "https://example.org./",
    ],
)
def test_a_public_address_over_https(url: str):
    assert Reach.PUBLIC is reach_of(url, local=False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "https://localhost/", "http://[::1]:9/"])
def test_a_demo_may_send_within_its_machine(url: str):
    """And no further than before."""
    assert Reach.HERE is reach_of(url, local=True)
    assert reach_of(url, local=False) is None
    assert reach_of("http://192.168.0.1/", local=True) is None
    assert not Reach.HERE.covers("192.168.0.1")


def test_a_host_that_the_operator_named_may_lie_anywhere():
    named = ("mail.intern", "10.0.0.5", "localhost", "relay")
    for host in ("mail.intern", "Mail.Intern.", "10.0.0.5", "localhost", "relay"):
        assert Reach.CONFIGURED is reach_of_host(host, local=False, named=named)
    assert reach_of_host("10.0.0.6", local=False, named=named) is None
    assert reach_of_host("other", local=False, named=named) is None
    assert Reach.CONFIGURED.covers("10.0.0.5")


def test_a_name_has_one_spelling():
    assert "robots.example.org" == host_of("https://Robots.Example.ORG.:443/x")
    assert "xn--dkrp89flfe.example.org" == plain_host("社区网.example.org")
    assert "127.0.0.1" == plain_host("１２７.0.0.1")
    assert "::1" == plain_host("0:0:0:0:0:0:0:1")
