"""Who may ask what: host names, the cookie, origins, sizes, and addresses that lead nowhere."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from builder.web.answers import BODY_LIMIT
from builder.web.guard import host_matches
from builder.web.owner import COOKIE
from tests.kit.routes import HOST, visitor


@pytest.fixture
def client(home: object) -> Iterator[TestClient]:
    """A client that has not been here yet."""
    with visitor() as opened:
        yield opened


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is bound to this machine, as it is by default."""
    from streamlit import config

    known = config.get_option
    monkeypatch.setattr(config, "get_option", lambda name: "127.0.0.1" if name == "server.address" else known(name))


def test_the_first_page_brings_a_cookie_that_scripts_and_other_sites_cannot_use(client: TestClient) -> None:
    cookie = client.get("/").headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "set-cookie" not in client.get("/").headers


def test_two_browsers_get_two_secrets(client: TestClient) -> None:
    first = client.get("/").cookies[COOKIE]
    client.cookies.clear()
    second = client.get("/").cookies[COOKIE]
    assert first != second
    assert len(first) >= 40


def test_behind_https_the_cookie_stays_there(client: TestClient) -> None:
    assert "Secure" in client.get("/", headers={"X-Forwarded-Proto": "https"}).headers["set-cookie"]


def test_no_answer_is_sniffed_and_no_page_is_framed_elsewhere(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["referrer-policy"] == "same-origin"


def test_a_script_gets_no_cookie_and_is_asked_about_each_time(client: TestClient) -> None:
    answer = client.get("/assets/canvas/editor.js")
    assert answer.status_code == 200
    assert "javascript" in answer.headers["content-type"]
    assert answer.headers["cache-control"] == "no-cache"
    assert "set-cookie" not in answer.headers


def test_plotly_comes_from_the_installed_package(client: TestClient) -> None:
    answer = client.get("/assets/plotly.min.js")
    assert answer.status_code == 200
    assert len(answer.content) > 1_000_000


@pytest.mark.parametrize("path", ["/assets/../app.py", "/assets/..%2fapp.py", "/assets/%2e%2e/app.py", "/assets/canvas", "/assets/none.js"])
def test_only_files_among_the_assets_are_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (400, 404)


@pytest.mark.usefixtures("local")
def test_bound_to_this_machine_another_host_name_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"Host": "evil.example:8501"}).status_code == 421
    assert client.get("/", headers={"Host": "127.0.0.1:8501"}).status_code == 200
    assert client.get("/", headers={"Host": "[::1]:8501"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "matches"),
    [
        ("localhost", True),
        ("LOCALHOST:80", True),
        ("localhost.evil.example", False),
        ("class.example.org", True),
        ("example.org", False),
        ("", False),
        ("[", False),
    ],
)
def test_host_names_are_compared_whole(host: str, matches: bool) -> None:
    assert host_matches(host, ("localhost", "*.example.org")) is matches


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://localhost:9999"}, {"Origin": "file://localhost:8501"}],
)
def test_a_post_from_elsewhere_changes_nothing(client: TestClient, headers: dict[str, str]) -> None:
    client.get("/")
    answer = client.post("/api/projects/any/edits", json={}, headers=headers)
    assert answer.status_code == 403


def test_what_is_too_long_or_no_json_is_refused(client: TestClient) -> None:
    origin = {"Origin": HOST}
    assert client.post("/api/projects/any/edits", content=b" " * (BODY_LIMIT + 1), headers=origin).status_code == 413
    assert client.post("/api/projects/any/edits", content=b"{", headers=origin).status_code == 400
    assert client.post("/api/projects/any/edits", content=b"[]", headers=origin).status_code == 400
    assert client.post("/api/projects/any/edits", content=b"[" * 100_000, headers=origin).status_code == 400
