"""Texts come from named hosts only, and never too much of them."""

import socket
from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.server import Answer, Site, serving
from tifa.core import fetching
from tifa.core.fetching import NotFetched, fetch, host_of


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def refusal(url: str, hosts: dict[str, bool]) -> str:
    with pytest.raises(NotFetched) as caught:
        fetch(url, hosts=hosts)
    return str(caught.value)


def test_named_host_gives_its_text(site: Site) -> None:
    site.answers["/a?b=1"] = Answer(b"halo", headers={"Content-Type": "text/html"}, etag='"1"')

    answer = fetch(f"{site.url}/a?b=1", hosts={site.host: True})

    assert (answer.data, answer.content_type, answer.etag) == (b"halo", "text/html", '"1"')
    assert site.asked[0][1]["accept-encoding"] == "identity"


def test_what_is_unchanged_is_not_sent_again(site: Site) -> None:
    site.answers["/"] = Answer(b"halo", etag='"1"')

    answer = fetch(
        site.url, hosts={site.host: True}, etag='"1"', last_modified="Mon, 01 Jan 2024 00:00:00 GMT"
    )

    assert answer.unchanged
    assert site.asked[0][1]["if-modified-since"].startswith("Mon")


def test_nothing_is_asked_while_no_host_is_named(site: Site) -> None:
    assert "is not among the named hosts" in refusal(site.url, {})
    assert "is not among the named hosts" in refusal(site.url, {"127.0.0.1": True})
    assert site.asked == []


def test_private_address_is_refused_unless_it_is_named_so(site: Site) -> None:
    assert "inside a private network" in refusal(site.url, {site.host: False})
    assert site.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "224.0.0.1",
    ],
)
def test_name_that_means_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in ("93.184.216.34", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_names: rows)

    assert "inside a private network" in refusal("http://berita.example.org/", {"berita.example.org": False})


def test_other_hosts_are_not_followed(site: Site) -> None:
    site.answers["/"] = Answer(status=302, headers={"Location": "http://169.254.169.254/latest"})
    site.answers["/port"] = Answer(status=302, headers={"Location": "http://127.0.0.1:1/"})

    hosts = {site.host: True, "127.0.0.1:1": True, "169.254.169.254": True}
    assert "another host" in refusal(site.url, hosts)
    assert "another host" in refusal(f"{site.url}/port", hosts)


def test_the_same_host_is_followed_a_few_times(site: Site) -> None:
    site.answers["/"] = Answer(status=301, headers={"Location": "/b"})
    site.answers["/b"] = Answer(b"sampai")
    site.answers["/kitar"] = Answer(status=301, headers={"Location": "/kitar"})
    site.answers["/berkas"] = Answer(status=301, headers={"Location": "file:///etc/passwd"})

    assert fetch(site.url, hosts={site.host: True}).data == b"sampai"
    assert "in circles" in refusal(f"{site.url}/kitar", {site.host: True})
    assert "not a web address" in refusal(f"{site.url}/berkas", {site.host: True})


def test_too_much_too_slow_packed_or_wrong_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.answers["/besar"] = Answer(b"x" * (fetching.MOST_BYTES + 1))
    site.answers["/padat"] = Answer(b"x", headers={"Content-Encoding": "gzip"})
    site.answers["/lambat"] = Answer(b"x" * 200)
    hosts = {site.host: True}

    assert "more than 5 MB" in refusal(f"{site.url}/besar", hosts)
    assert "packed content" in refusal(f"{site.url}/padat", hosts)
    assert "number 404" in refusal(f"{site.url}/tiada", hosts)
    monkeypatch.setattr(fetching, "SECONDS", -1)
    assert "more than -1 seconds" in refusal(f"{site.url}/lambat", hosts)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://berita.example.org/",
        "file:///etc/passwd",
        "http://",
        "http://nama:sandi@berita.example.org/",
        "http://berita.example.org:99999/",
        "http://berita.example.org:0/",
        "http://berita.example.org/a\r\nX: y",
        "javascript:alert(1)",
        "http://[::1/",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert "not a web address" in refusal(url, {"berita.example.org": True})


def test_host_is_named_with_its_unusual_port() -> None:
    assert host_of("HTTPS://Berita.Example.org:443/a") == "berita.example.org"
    assert host_of("http://berita.example.org:8080/") == "berita.example.org:8080"


def test_server_that_is_not_there_is_a_sentence() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert "could not be asked" in refusal(f"http://127.0.0.1:{port}/", {f"127.0.0.1:{port}": True})
