"""Signatures, webhooks, mail addresses and the words that go out."""

from datetime import date

import pytest

from webapp.notices import texts
from webapp.notices.channels import dingtalk, wecom
from webapp.notices.channels.mail.addresses import is_address
from webapp.notices.channels.webhooks import MOST_BYTES
from webapp.notices.sorts import Sort, checked, register, sentence

PLAIN = {"WEBHOOK_ORIGINS": ()}
TOLD = register(Sort("unit-told", ("what", "day"), "{what}，{day}", "{what}, {day}"))


def test_dingtalk_s_signature_is_that_of_its_manual():
    # Its example (the secret is “this is secret”), computed by `openssl dgst -sha256 -hmac`.
    assert (
        dingtalk.signature("this is secret", 1767225600000) == "Ihwj8FyPJfT4YIXi/adIQljYfR8hNknkj4tQ+v3VTqM="
    )


@pytest.mark.parametrize(
    "address",
    [
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
        "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=k",
        "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=k",
        "https://qyapi.weixin.qq.com@evil.example/cgi-bin/webhook/send?key=k",
        "https://evil.example\\@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
        "https://evil.example#@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
        "https://qyapi.weixin.qq.com/other?key=k",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k#x",
        "https://127.0.0.1/cgi-bin/webhook/send?key=k",
        "https://[::1]/cgi-bin/webhook/send?key=k",
        "https://[/cgi-bin/webhook/send?key=k",
        "https://qyapi.weixin.qq.com:x/cgi-bin/webhook/send?key=k",
        "file:///etc/passwd?key=k",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k\r\nHost: evil.example",
        "https://ｑｙａｐｉ.weixin.qq.com/cgi-bin/webhook/send?key=k",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + "k" * 500,
        "",
    ],
)
def test_a_webhook_leads_to_the_channel_s_own_host_and_door_alone(address):
    assert wecom.webhook_fault(PLAIN, address) in ("webhook", "webhook-host")


def test_the_channels_own_addresses_are_taken_each_by_its_channel():
    ours = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx"
    theirs = "https://oapi.dingtalk.com/robot/send?access_token=1"
    assert wecom.webhook_fault(PLAIN, ours) is None and dingtalk.webhook_fault(PLAIN, theirs) is None
    assert wecom.webhook_fault(PLAIN, theirs) and dingtalk.webhook_fault(PLAIN, ours)


def test_a_gateway_that_the_settings_name_is_taken_with_its_port_and_nothing_beside_it():
    config = {"WEBHOOK_ORIGINS": ("http://127.0.0.1:8123",)}
    assert wecom.webhook_fault(config, "http://127.0.0.1:8123/cgi-bin/webhook/send?key=k") is None
    assert wecom.webhook_fault(config, "http://127.0.0.1:8124/cgi-bin/webhook/send?key=k") == "webhook-host"
    assert wecom.webhook_fault(config, "https://127.0.0.1:8123/cgi-bin/webhook/send?key=k") == "webhook-host"


@pytest.mark.parametrize("address", ["name@example.cn", "first.last+post@mail.post.example.cn", "a@b.c"])
def test_a_plain_address_is_taken(address):
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "name", "name@", "@example.cn", "name@example", "a b@example.cn", "a@example.cn,b@example.cn",
        "Name <a@example.cn>", "a@example.cn\nBcc: b@example.cn", ".a@example.cn", "a..b@example.cn", "王@example.cn",
        "a@-example.cn", "a@[127.0.0.1]", f"{'a' * 65}@example.cn", f"a@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 63}.cn",
    ],
)  # fmt: skip
def test_whatever_could_be_more_than_one_address_is_not(address):
    assert not is_address(address)


def test_a_text_into_a_group_stays_below_what_the_robot_takes_and_counts_all():
    counts = [(f"很长很长的投递部名称第{number:03d}号", 3) for number in range(200)]
    for language in ("zh", "en"):
        text = texts.group_text(language, counts, 7, "https://toucha.example.cn")
        assert len(text.encode()) <= MOST_BYTES and "600" in text.splitlines()[0]
        listed = len(text.splitlines()) - 3
        assert str(200 - listed) in text.splitlines()[-2] and str(3 * (200 - listed)) in text.splitlines()[-2]


def test_a_text_tells_counts_and_units_and_no_more():
    text = texts.group_text("zh", [("东部", 2)], 0, "")
    assert text == "投查：2 条新通知\n东部 2 条\n请登录投查查看。"


def test_both_languages_have_all_the_words():
    assert texts.WORDS["zh"].keys() == texts.WORDS["en"].keys()


def test_a_long_mail_tells_fifty_and_how_many_more():
    letter = texts.notices_letter(
        "en", "Wang", [(f"n{number};", "/notices") for number in range(60)], False, ""
    )
    assert "n49;" in letter.text and "n50;" not in letter.text and "And 10 more" in letter.text


def test_a_sentence_is_said_in_both_languages_with_days_as_people_write_them():
    values = checked(TOLD.code, {"what": {"zh": "积压", "en": "backlog"}, "day": date(2026, 11, 27)})
    assert sentence(TOLD.code, values, "zh") == "积压，2026年11月27日"
    assert sentence(TOLD.code, values, "en") == "backlog, 27 Nov 2026"
    assert sentence("a sort of a newer release", values, "zh") == "a sort of a newer release"


@pytest.mark.parametrize(
    "values",
    [
        {"what": "a"},
        {"what": "a", "day": "b", "more": 1},
        {"what": None, "day": 1},
        {"what": "a" * 201, "day": 1},
    ],
)
def test_values_of_another_shape_are_a_mistake_of_the_caller(values):
    with pytest.raises(ValueError):
        checked(TOLD.code, values)


def test_a_sort_whose_sentences_hold_other_places_is_refused():
    with pytest.raises(ValueError):
        register(Sort("broken", ("a",), "{a}", "{b}"))
    with pytest.raises(ValueError):
        register(Sort(TOLD.code, ("what", "day"), "{what}{day}", "{what}{day}"))
    assert register(TOLD) == TOLD
