"""``/metrics`` and the log as JSON, of a real server with two processes."""

import json

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.server.phones import Phone, check_of, shot

TOKEN = "a token of the operator's"


class Reader:
    """Reads figures like Prometheus."""

    def __init__(self, phone: Phone):
        self._phone = phone

    def __call__(self, name: str, **labels: str) -> float | None:
        """The value of a figure; None where there is none."""
        answer = self._phone.request("GET", "/metrics", Authorization=f"Bearer {TOKEN}")
        assert answer.status == 200, answer
        for family in text_string_to_metric_families(answer.text):
            for sample in family.samples:
                if sample.name == name and labels.items() <= sample.labels.items():
                    return sample.value
        return None


@pytest.fixture
def watched(make_server):
    """(server, phone, reader) of a server that counts and logs as JSON."""
    server = make_server(TOUCHA_METRICS_TOKEN=TOKEN, TOUCHA_LOG="json", TOUCHA_WORKERS="2")
    phone = Phone(server)
    return server, phone, Reader(phone)


def test_both_processes_count_together_and_the_county_stands_beside(watched):
    server, phone, read = watched
    asked = 24
    for _ in range(asked):
        assert phone.request("GET", "/api/sync/pull").status == 200
    assert read("toucha_requests_total", method="GET", route="/api/sync/pull", status="200") == asked
    assert phone.request("INVENTED", "/api/sync/pull").status in (401, 405)
    assert read("toucha_requests_total", method="INVENTED") is None
    assert read("toucha_requests_total", method="other") == 1
    entries, photos = read("toucha_journal_entries"), read("toucha_photos")
    photo = shot("one")
    fact = check_of(1, (photo,))
    assert phone.push(fact).status == 200 and phone.push(fact).status == 200
    assert phone.put(photo).status == 201
    assert read("toucha_pushed_facts_total", outcome="stored") == 1
    assert read("toucha_pushed_facts_total", outcome="known") == 1
    assert entries is not None and photos is not None
    assert read("toucha_database_up") == 1
    assert read("toucha_phones") == 1 and read("toucha_phones_silent") == 0
    assert read("toucha_notices_waiting") == 0
    assert read("toucha_check_faults") is None
    server.flask("check")
    server.flask("tick")
    assert read("toucha_check_faults") == 0
    assert 0 <= read("toucha_tick_lag_seconds") < 300
    assert 0 <= read("toucha_check_age_seconds") < 300


def test_without_the_token_there_is_no_such_page(watched, demo_server):
    _server, phone, _read = watched
    for given in ({}, {"Authorization": "Bearer another"}, {"Authorization": f"Basic {TOKEN}"}):
        assert phone.request("GET", "/metrics", **given).status == 404
    assert Phone(demo_server).request("GET", "/metrics", Authorization="Bearer ").status == 404


def test_the_log_is_json_and_names_each_request_by_the_id_in_its_answer(watched):
    server, phone, _read = watched
    answers = [phone.request("GET", "/ledger?unit=1525"), phone.request("GET", "/nowhere/%E7%8E%8B%E8%8A%B3")]
    lines = [json.loads(line) for line in server.log.splitlines() if line.strip()]
    by_id = {line["request"]: line for line in lines if line["logger"] == "toucha.requests"}
    found = [by_id[answer.headers["X-Request-Id"]] for answer in answers]
    assert [(one["method"], one["rule"], one["status"]) for one in found] == [
        ("GET", "/ledger", answers[0].status),
        ("GET", None, 404),
    ]
    assert "%E7%8E%8B" not in server.log and "王芳" not in server.log and "1525" not in json.dumps(found)
    assert phone.request("GET", "/login", **{"X-Request-Id": "0" * 32}).headers["X-Request-Id"] != "0" * 32


def test_an_id_that_a_proxy_gave_is_kept_and_words_are_not(make_app):
    client = make_app("sqlite", LOG_JSON=True, PROXIES=1).test_client()
    for given, kept in (
        ("4bf92f3577b34da6a3ce929d0e0e4736", True),
        ("who asks: 王芳", False),
        ("short", False),
    ):
        answer = client.get("/api/ping", headers={"X-Request-Id": given.encode().decode("latin-1")})
        assert (answer.headers["X-Request-Id"] == given) is kept
    assert "X-Request-Id" not in make_app("sqlite").test_client().get("/api/ping").headers
