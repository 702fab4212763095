"""Posting: where one may send to at all, whatever a name says of itself, and what counts as accepted."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

import pytest

from sharesync.endpoints import posting
from sharesync.endpoints.posting import post
from sharesync.errors import Unreachable
from sharesync.model.hosts import is_reachable
from tests.endpoints.receiver import Receiver, receiving

HERE = (ip_network("127.0.0.0/8"),)
INSIDE = (
    "127.0.0.1", "10.0.0.7", "172.16.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1",
    "169.254.169.254", "192.0.0.8", "198.18.0.1", "::1", "::", "fe80::1", "fd00::1", "fec0::1", "ff02::1",
    "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.7", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1",
)  # fmt: skip


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as told:
        yield told


def named(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name have these addresses."""

    def look_up(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        kind = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [(kind[ip_address(one).version], socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_reachable(address: str) -> None:
    assert not is_reachable(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111"])
def test_a_public_address_is(address: str) -> None:
    assert is_reachable(ip_address(address))


def test_a_network_that_is_named_is_reachable_and_a_link_local_address_never() -> None:
    everything = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    assert is_reachable(ip_address("10.0.0.7"), everything)
    assert is_reachable(ip_address("::ffff:10.0.0.7"), everything)
    assert not is_reachable(ip_address("169.254.169.254"), everything)
    assert not is_reachable(ip_address("::ffff:169.254.169.254"), everything)
    assert not is_reachable(ip_address("fe80::1"), everything)


def test_what_is_sent_arrives_as_it_is(receiver: Receiver) -> None:
    post(f"{receiver.url}/in?token=a", b"note\n", {"webhook-id": "one"}, HERE)
    [(path, headers, body)] = receiver.came
    assert (path, headers["webhook-id"], body) == ("/in?token=a", "one", b"note\n")
    assert headers["host"] == receiver.url.removeprefix("http://")


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    named(monkeypatch, address)
    with pytest.raises(Unreachable, match=r"auditor\.test is no public address"):
        post("https://auditor.test/in?token=secret", b"", {})


def test_a_name_with_one_address_inside_and_one_outside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, "8.8.8.8", "127.0.0.1")
    with pytest.raises(Unreachable, match="is no public address"):
        post("https://auditor.test/", b"", {})
    with pytest.raises(Unreachable, match=r"is no public address|over https alone"):
        post("http://auditor.test/", b"", {}, HERE)


def test_the_connection_goes_to_the_address_that_was_checked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, "8.8.8.8")
    tried: list[object] = []

    def connect(place: tuple[str, int], timeout: float) -> socket.socket:
        tried.append(place)
        named(monkeypatch, "127.0.0.1")  # whoever owns the name points it elsewhere now
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable, match="No connection"):
        post("https://auditor.test/", b"", {})
    assert tried == [("8.8.8.8", 443)]


@pytest.mark.parametrize("address", ["http://auditor.test/", "https://auditor.test:22/", "http://auditor.test:8080/"])
def test_a_public_address_is_sent_to_over_https_alone(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    named(monkeypatch, "8.8.8.8")
    with pytest.raises(Unreachable, match="over https alone"):
        post(address, b"", {}, HERE)


@pytest.mark.parametrize("status", [302, 400, 410, 429, 500])
def test_only_an_accepted_one_is_a_success_and_nothing_is_followed(receiver: Receiver, status: int) -> None:
    receiver.status = status
    with pytest.raises(Unreachable, match=f"127.0.0.1 answered {status}"):
        post(f"{receiver.url}/in?token=secret", b"", {}, HERE)
    assert len(receiver.came) == 1


def test_whoever_does_not_answer_is_not_waited_for(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.2)
    receiver.hangs = True
    with pytest.raises(Unreachable, match="No answer"):
        post(receiver.url, b"", {}, HERE)


def test_no_sentence_holds_the_address(receiver: Receiver) -> None:
    receiver.status = 500
    for address in (f"{receiver.url}/in?token=secret", "https://nowhere.invalid/in?token=secret"):
        with pytest.raises(Unreachable) as caught:
            post(address, b"", {}, HERE)
        assert "secret" not in str(caught.value)


def test_no_proxy_of_the_environment_is_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    post(receiver.url, b"note", {}, HERE)
    assert receiver.came


def test_a_certificate_that_nobody_vouches_for_is_refused(receiver: Receiver) -> None:
    with pytest.raises(Unreachable, match="no certificate that can be trusted"):
        post(receiver.url.replace("http:", "https:"), b"", {}, HERE)  # no TLS there at all
    assert receiver.came == []
