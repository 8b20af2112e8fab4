"""The offices' forms: each column says what it is called after, in the offices' order."""

from datetime import UTC, date, datetime

import pytest

from webapp.core.dates import day_text
from webapp.desk.paper.sheets import Filled, Part, in_book, on_paper, widths, written
from webapp.desk.paper.values import (
    Known,
    Names,
    Story,
    case_values,
    check_values,
    checks_head,
    point_values,
)
from webapp.inquiries.checks import Check, Checked, Followed
from webapp.registers.models import RelayPoint
from webapp.rulebook.forms import Column, forms
from webapp.rulebook.rules import load
from webapp.rulebook.texts import Text

DAY = date(2026, 11, 20)
NAMES = Names(
    lambda text: text.zh, lambda day: day_text(day, "zh"), {"pass": "合格", "fail": "不合格"}, {"on-site": "现场"}, {"village": "村邮站"},
    {"oral": "口头"}, "不适用", "钻石级", "其他", "跟段", "、",
)  # fmt: skip
POINT = RelayPoint(
    id="p", unit_code="1", name="东门收发室", kind="village", address="东街1号", keeper="巴特尔", contact="0479-1", agreement="oral",
    note="午休", opened_on=date(2026, 1, 1), closed_on=date(2026, 10, 1),
)  # fmt: skip


def kind(code: str):
    return load().kinds[code]


def check(code: str, *items: Checked, **more) -> Check:
    said = {
        "id": "c", "kind": code, "unit_code": "1", "acting_code": "1", "acting": "甲投递部", "author_id": "a", "author": "李斯琴",
        "method": "on-site", "day": DAY, "work_date": DAY, "ended_at": None, "purged": False, "route": None,
    }  # fmt: skip
    return Check(**{**said, **more}, items=items)


def row(form: str, code: str, item: Checked, **more) -> dict:
    """{heading: what stands below it} of the cells that are not empty."""
    values = check_values(7, check(code, item, **more), item, kind(code), NAMES)
    return told(form, values)


def told(form: str, values: dict) -> dict:
    columns = forms()[form].columns
    cells = forms()[form].cells(values)
    return {column.title.zh: cell for column, cell in zip(columns, cells, strict=True) if cell is not None}


def test_a_parcel_that_passed_as_a_whole_passed_in_each():
    item = Checked("9876543210987", "pass", {}, route="1 一段", carriers=("张巴图",))
    assert row("parcel", "parcel", item) == {
        "序号": 7, "邮件号码": "9876543210987", "段道": "1 一段", "投递员": "张巴图", "核实方式（走访、电话、系统）": "现场", "时限": "合格",
        "反馈相符": "合格", "反馈及时": "合格", "签收真实": "合格", "经收件人同意": "合格", "完好": "合格", "结论": "合格",
    }  # fmt: skip


def test_a_parcel_that_failed_says_where_what_whose_and_by_when():
    item = Checked(
        "1", "fail", {"on-time": "fail", "signature": "fail", "consent": "na"}, note="本人在外地",
        followed=Followed(("王芳", "李强"), date(2026, 11, 27)),
    )  # fmt: skip
    found = row("parcel", "parcel", item)
    assert (found["时限"], found["签收真实"], found["经收件人同意"]) == ("不合格", "不合格", "不适用")
    assert "完好" not in found  # nobody said anything of it
    assert found["问题描述"] == "超投递时限、虚假签收、本人在外地"
    assert (found["责任人"], found["整改期限"]) == ("王芳、李强", date(2026, 11, 27))


@pytest.mark.parametrize(
    ("code", "stratum", "shown", "customer"),
    [
        ("letter", "nonlocal", "外埠", None),
        ("letter", "local", "本埠", None),
        ("letter-follow", "diamond", "外埠", "钻石级"),
        ("letter-follow", "nonlocal", "外埠", "其他"),
        ("letter-follow", "local", "本埠", None),
    ],
)
def test_a_letter_of_a_diamond_customer_is_a_nonlocal_one(code, stratum, shown, customer):
    item = Checked("外1", "pass", {}, stratum=stratum, tag="3号楼")
    found = row("letter", code, item)
    assert found["外埠/本埠"] == shown
    assert found.get("客户级别（钻石级、其他）") == customer
    assert (found["地址标签"], found["深度"], found["积压"]) == ("3号楼", "合格", "合格")


def test_a_visit_at_a_relay_point_names_it_as_the_register_does_and_counts_its_photos():
    item = Checked("东门收发室", "fail", {"no-backlog": "fail"}, photos=2, point=POINT)
    ended = datetime(2026, 11, 20, 1, 31, tzinfo=UTC)
    found = row("relay", "relay", item, ended_at=ended)
    assert found == {
        "序号": 7, "检查日期时间": ended, "接转点名称": "东门收发室", "类别": "村邮站", "负责人": "巴特尔", "联系电话": "0479-1",
        "无积压丢失": "不合格", "结论": "不合格", "问题描述": "有积压或丢失", "照片": 2,
    }  # fmt: skip
    assert row("relay", "relay", item)["检查日期时间"] == DAY


def test_the_head_says_of_several_checks_each_thing_once():
    several = [
        check("letter", work_date=date(2026, 11, 3)),
        check("letter", author="赵那仁"),
        check("letter-follow", route="1 一段"),
    ]
    head = checks_head("甲投递部", several, date(2026, 12, 1), NAMES)
    assert (head["acting"], head["inspectors"]) == ("甲投递部", "李斯琴、赵那仁")
    assert (head["methods"], head["followed"]) == ("现场、跟段", "1 一段")
    assert head["days"] == [date(2026, 11, 3), DAY]
    assert head["months"] == [date(2026, 11, 1)]
    assert written(head["days"], "zh") == "2026年11月3日 – 2026年11月20日"
    assert written(head["months"], "zh", "months") == "2026年11月"


def test_a_point_of_the_register_says_since_when_and_why_it_is_closed():
    known = Known("1 一段", date(2026, 9, 1), date(2026, 9, 2), "拆迁")
    assert told("register", point_values(1, POINT, known, NAMES)) == {
        "编号": 1, "接转点名称": "东门收发室", "类别（收发室、物业、村邮站）": "村邮站", "详细地址": "东街1号", "所属段道": "1 一段",
        "负责人": "巴特尔", "联系电话": "0479-1", "协议（无、口头、书面）": "口头", "启用日期": date(2026, 1, 1),
        "停用日期及原因": "2026年10月1日 拆迁", "最近确认日期": date(2026, 9, 1), "最近检查日期": date(2026, 9, 2), "备注": "午休",
    }  # fmt: skip
    assert told("register", point_values(1, POINT, Known(), NAMES))["停用日期及原因"] == date(2026, 10, 1)


def test_a_case_is_told_from_its_finding_to_its_end():
    story = Story(
        "虚假签收", None, DAY, "锡林浩特市", ("on-site", "on-site"), "甲投递部", ("一段", "987"), "重大", "王芳", date(2026, 11, 23), 1,
        "培训不足", "已重新培训", date(2026, 11, 22), 2, "赵那仁", date(2026, 11, 24), "复查合格，已销号", True, ("督〔2026〕1号",),
        date(2026, 11, 24),
    )  # fmt: skip
    assert told("problem-register", case_values(3, story, NAMES, "是", "2 张照片")) == {
        "编号": "3", "发现日期": DAY, "发现单位": "锡林浩特市", "检查方式": "现场", "被检查单位": "甲投递部", "地点/段道/号码": "一段、987",
        "问题（条款、检查项）": "虚假签收", "等级": "重大", "责任人": "王芳", "整改期限": date(2026, 11, 23), "延期": 1,
        "原因分析": "培训不足", "整改措施": "已重新培训", "整改日期": date(2026, 11, 22), "佐证": "2 张照片", "复查人": "赵那仁",
        "复查日期": date(2026, 11, 24), "复查结果": "复查合格，已销号", "是否重复发生": "是", "督办单号": "督〔2026〕1号",
        "销号日期": date(2026, 11, 24),
    }  # fmt: skip


# ---------------------------------------------------------------- sheets


def filled(*parts: Part) -> Filled:
    form = forms()["letter"]
    return Filled(form, "甲投递部", checks_head("甲投递部", [check("letter")], DAY, NAMES), parts, ["说明"])


def test_on_paper_several_checks_have_a_line_above_each_and_one_has_none():
    one, other = Part("11月3日", {}, [{"n": 1}]), Part("11月4日", {}, [{"n": 2}])
    sheet = on_paper(filled(one), "zh")
    assert [len(row) for row in sheet["rows"]] == [len(sheet["columns"])]
    sheet = on_paper(filled(one, other), "zh")
    assert [row[0] for row in sheet["rows"]] == ["11月3日", "1", "11月4日", "2"]
    assert ["录入投递信息系统日期", "2026年11月20日"] in sheet["head"]
    assert ["审核意见", ""] in sheet["head"]
    assert sheet["columns"] == [column.title.zh for column in forms()["letter"].columns]


def test_a_workbook_holds_the_columns_in_order_and_then_the_head_of_each_check():
    own = checks_head("甲投递部", [check("letter", author="赵那仁")], DAY, NAMES)
    sheet = in_book(filled(Part("", own, [{"n": 1, "moment": datetime(2026, 11, 20, 1, 31, 5, tzinfo=UTC)}])), "zh")  # fmt: skip
    columns = [column.title.zh for column in forms()["letter"].columns]
    assert sheet.header[: len(columns)] == columns
    [cells] = sheet.rows
    said = dict(zip(sheet.header, cells, strict=True))
    assert (said["检查人"], said["检查日期"], said["录入投递信息系统日期"]) == ("赵那仁", DAY, DAY)
    assert len(set(sheet.header)) == len(sheet.header)


def test_no_column_is_too_narrow_for_a_word_of_its_head_or_takes_the_line_for_one_text():
    column = Column("x", Text("字", "word"))
    wide = Column("y", Text("字", "word"), wide=True)
    assert widths([column], ["Feedback code"], []) == [9]
    assert widths([column, wide], ["甲", "乙"], [["长" * 99, "长" * 99]]) == [14, 26]
    assert widths([column], ["甲"], [["1"]]) == [6]
