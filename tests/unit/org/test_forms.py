"""Forms about people: what is refused, with the field and the reason; what browsers say of themselves."""

import pytest

from webapp.core.problems import Problem
from webapp.core.spelling import spelt_login
from webapp.org import schemas, user_agents

GOOD = {
    "login": " Ｄ15020 ",
    "name": " 王 芳 ",
    "role": "carrier",
    "unit": "152502002",
    "first_day": "2026-11-20",
}


def faults(schema, form):
    with pytest.raises(Problem, match="invalid") as refused:
        schemas.read(schema, form)
    return refused.value.fields


def test_a_whole_form_is_read():
    form = schemas.read(schemas.PERSON, GOOD | {"last_day": "", "csrf_token": "x"})
    assert form["name"] == "王芳"
    assert form["last_day"] is None
    assert form["first_day"].isoformat() == "2026-11-20"
    assert spelt_login(form["login"]) == "d15020"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("login", "", "empty"),
        ("login", "x", "login"),
        ("login", "a b", "login"),
        ("login", "a" * 41, "login"),
        ("name", "   ", "empty"),
        ("name", "名" * 41, "long"),
        ("name", "王\x00芳", "characters"),
        ("role", "king", "choice"),
        ("unit", "1" * 21, "choice"),
        ("unit", "15\x0025", "characters"),
        ("first_day", "20.11.2026", "day"),
        ("first_day", "2026-02-30", "day"),
        ("last_day", "soon", "day"),
    ],
)
def test_a_wrong_field_is_named_with_its_reason(field, value, reason):
    assert faults(schemas.PERSON, GOOD | {field: value}) == {field: reason}


def test_all_missing_fields_are_named_at_once():
    assert set(faults(schemas.PERSON, {})) == {"login", "name", "role", "unit", "first_day"}


@pytest.mark.parametrize(
    ("agent", "name", "phone", "in_app"),
    [
        (
            "Mozilla/5.0 (Linux; Android 13; V2227A) Chrome/116.0 Mobile Safari/537.36",
            "Android · Chrome",
            True,
            False,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Mobile Safari/604.1",
            "iPhone · Safari",
            True,
            False,
        ),
        ("Mozilla/5.0 (Linux; Android 13) Chrome/116 MicroMessenger/8.0.40", "Android · 微信", True, True),
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0",
            "Windows · Edge",
            False,
            False,
        ),
        (
            "Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH) HuaweiBrowser/14",
            "HarmonyOS · 华为浏览器",
            True,
            False,
        ),
        ("", "? · ?", False, False),
    ],
)
def test_a_browser_is_named_from_what_it_says(agent, name, phone, in_app):
    assert user_agents.device_name(agent) == name
    assert user_agents.is_phone(agent) is phone
    assert user_agents.is_in_app(agent) is in_app
