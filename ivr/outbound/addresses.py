"""May we go there? Which addresses belong to the public network, and which spellings hide another one."""

import ipaddress
import re
from collections.abc import Collection
from enum import Enum
from ipaddress import ip_network
from urllib.parse import urlsplit

from ivr.settings import LOOPBACK

NAME = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*")
# A last label that is a number makes the whole an IPv4 address to the resolver, however it is written: 127.1,
# 2130706433, 0x7f.1, 0177.0.0.1. https://url.spec.whatwg.org/#ends-in-a-number-checker
NUMERIC = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)")

# What is not reached through the public network, or is nobody's own address there.
# https://www.iana.org/assignments/iana-ipv4-special-registry https://www.iana.org/assignments/iana-ipv6-special-registry
# Not `ipaddress.is_global`: its table changes with Python's patch releases, and counts multicast and tunnels as global.
SPECIAL_V4 = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",
            "100.64.0.0/10",  # behind a provider's NAT
            "127.0.0.0/8",
            "169.254.0.0/16",  # link-local, and clouds' metadata
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
UNICAST_V6 = ip_network("2000::/3")  # outside it: loopback, private, link-local, multicast, IPv4 in every disguise
SPECIAL_V6 = tuple(
    map(
        ip_network,
        (
            "2001::/23",  # protocols' own; in it Teredo, a tunnel to any IPv4 address
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, a tunnel to any IPv4 address
            "3fff::/20",  # documentation
        ),
    )
)


class Reach(Enum):
    """Whom a request may reach; see ``covers``."""

    PUBLIC = "the public network"  # what somebody typed at the desk, or a stranger sent us
    HERE = "this machine"  # what a demo has of its own
    CONFIGURED = "anywhere"  # what the operator named in the environment

    def covers(self, address: str) -> bool:
        """Whether an IP address lies within reach."""
        match self:
            case Reach.PUBLIC:
                return is_public(address)
            case Reach.HERE:
                return ipaddress.ip_address(address).is_loopback
        return True


def is_public(address: str) -> bool:
    """Whether this is an address of the public network. Raises ``ValueError`` when it is no IP address."""
    found = ipaddress.ip_address(address)
    if found.version == 4:
        return not any(found in network for network in SPECIAL_V4)
    return found in UNICAST_V6 and not any(found in network for network in SPECIAL_V6)


def is_local(url: str) -> bool:
    """Whether a URL leads to this machine by one of its plain names."""
    return host_of(url) in LOOPBACK


def host_of(url: str) -> str:
    """The host of a URL in its plain spelling; empty when there is none, or one that only looks like one."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what fails
        host = parts.hostname or ""
    except ValueError:
        return ""
    bracketed = "[" in parts.netloc
    return "" if "@" in parts.netloc or bracketed != (":" in host) else plain_host(host)


def plain_host(host: str) -> str:
    """A host's name in small ASCII letters, or its address as everybody writes it; empty when it is neither.

    Every other spelling of an address is refused: what is checked must be what the resolver makes of it.
    """
    try:
        return str(ipaddress.ip_address(host)) if "%" not in host else ""
    except ValueError:
        pass
    try:
        name = host.encode("idna").decode().lower()  # full-width digits and dots become plain ones
    except UnicodeError:
        return ""
    name = name.removesuffix(".")
    if NUMERIC.fullmatch(name):
        return name if _is_dotted(name) else ""
    return name if NAME.fullmatch(name) else ""


def reach_of(url: str, *, local: bool) -> Reach | None:
    """How far a request to an address that somebody typed may go; None: not at all.

    Over https into the public network, and within this machine when we are a demo on it (``local``). What a name leads
    to is looked at when it is connected, see ``connect.dial``.
    """
    reach = reach_of_host(host_of(url), local=local)
    schemes = ("http", "https") if reach is Reach.HERE else ("https",)
    return reach if reach and urlsplit(url).scheme in schemes else None


def reach_of_host(host: str, *, local: bool, named: Collection[str] = ()) -> Reach | None:
    """The same for a host alone; those that the operator has *named* may lie anywhere."""
    host = plain_host(host)
    if host in named:
        return Reach.CONFIGURED
    if host in LOOPBACK:
        return Reach.HERE if local else None
    try:
        public = is_public(host)
    except ValueError:
        public = "." in host  # a name without a dot is one of our own network's
    return Reach.PUBLIC if public else None


def is_named(host: str, names: Collection[str]) -> bool:
    """Whether *host* is one of *names*, or lies below one of them."""
    return any(host == name or host.endswith("." + name) for name in names)


def _is_dotted(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True
