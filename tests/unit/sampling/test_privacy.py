"""What of an address and of a reason may be kept [个人信息保护法]: a building names nobody, a door does."""

import pytest
from hypothesis import given, strategies as st

from webapp.sampling.privacy import (
    MAX_REASON,
    MAX_TAG,
    RETURN_REASONS,
    address_tag,
    reason_said,
    return_reason,
)

PIECES = st.lists(
    st.sampled_from(
        [
            "锡林大街",
            "128号",
            "3号楼",
            "2单元",
            "501室",
            "金色家园",
            "团结小区",
            "伊利勒特嘎查",
            "A座",
            "Building",
            "3",
            "张三",
            "13904790000",
            ",",
            "（",
            "）",
            "收",
            "号",
            "院",
            "村",
            "市",
            "宝力根街道",
            "拒收",
            "关机",
            "其他：",
            "其他",
            "地址",
            "雪大",
            "不要",
            "那达慕路",
            "-",
        ]
    ),
    max_size=8,
)
TEXTS = st.one_of(PIECES.map("".join), PIECES.map(" ".join), st.text(max_size=80))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("锡林大街128号3号楼2单元501室", "3号楼"),
        ("锡林浩特市宝力根街道金色家园3号楼2单元501室", "金色家园3号楼"),
        ("内蒙古自治区锡林郭勒盟锡林浩特市巴彦查干街道 万达广场A座1203", "万达广场A座"),
        ("团结小区18#楼", "团结小区18#楼"),
        ("伊利勒特嘎查", "伊利勒特嘎查"),
        ("额尔敦社区居委会", "额尔敦社区"),
        ("邮政大厦5楼", "邮政大厦"),
        ("Building 3, Flat 5", "Building 3"),
        ("3", "3"),
        ("3号楼", "3号楼"),
        ("锡林大街128号", ""),
        ("那达慕大街与杭盖路交叉口", ""),
        ("张三 13904790000", ""),
        ("", ""),
    ],
)
def test_of_an_address_only_estate_village_and_building_are_kept(written, kept):
    assert address_tag(written) == kept


def test_the_addressee_in_the_address_is_left_out():
    assert address_tag("张三丰金色家园3号楼", "张三丰") == "金色家园3号楼"
    assert return_reason("张三丰已出差", "张三丰") == "其他：已出差"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("拒收", "收件人拒收"),
        ("客户电话关机", "无法联系收件人"),
        ("地址不详 13904790000", "地址不详"),
        ("已搬家", "收件人已迁移"),
        ("Unclaimed", "逾期未领"),
        ("大雪封路", "其他"),
        ("锡林大街128号没人", "其他：没人"),
        ("3号楼501室王女士不在", "其他：不在"),
        ("", ""),
    ],
)
def test_a_reason_becomes_one_of_the_postal_list_or_other(written, kept):
    assert return_reason(written) == kept


@given(TEXTS)
def test_what_was_kept_is_kept_as_it_is_when_read_again(written):
    tag, reason = address_tag(written), return_reason(written)
    assert (address_tag(tag), return_reason(reason)) == (tag, reason)
    assert len(tag) <= MAX_TAG and len(reason) <= MAX_REASON


@given(PIECES.map("".join))
def test_no_street_door_or_telephone_is_ever_kept(written):
    for kept in (address_tag(written), return_reason(written)):
        assert not any(said in kept for said in ("大街128", "501室", "13904790000"))


def test_every_reason_is_said_in_both_languages():
    assert all(reason_said(reason).zh == reason and reason_said(reason).en for reason in RETURN_REASONS)
    assert (reason_said("其他：雪大").zh, reason_said("其他：雪大").en) == ("其他：雪大", "Other: 雪大")
