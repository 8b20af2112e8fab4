"""How files of units, routes and staff name their columns, settings, services and roles, in Chinese and English. Pure."""

import re
import unicodedata

from webapp.org.column_headings import by_alias, by_word, key

# The columns of each sort of file, in the order of its template: (Chinese, English, an example).
HEADERS = {
    "units": {
        "code": ("编号", "code", "152502003"),
        "name": ("名称", "name", "希日塔拉街道投递部"),
        "parent": ("上级", "parent", "152502"),
        "setting": ("城乡", "setting", "城市"),
        "opened_on": ("启用日期", "opened", "2026-12-01"),
        "ledger_from": ("台账起始日期", "ledger from", "2026-12-01"),
        "services": ("服务", "services", "投递、营业"),
        "operator": ("经营方式", "operator", "自办"),
        "bureau": ("性质", "bureau", ""),  # of county-level units
    },
    "routes": {
        "unit": ("部门", "department", "152502003"),
        "code": ("道段号", "route", "1"),
        "name": ("道段名", "name", "一段"),
        "carrier": ("投递员登录名", "carrier", "d0001"),
        "first_day": ("起始日期", "from", "2026-12-01"),
    },
    "staff": {
        "login": ("登录名", "login", "d0001"),
        "name": ("姓名", "name", "王芳"),
        "unit": ("单位", "unit", "152502003"),
        "role": ("岗位", "role", "投递员"),
        "first_day": ("起始日期", "from", "2026-12-01"),
        "last_day": ("截止日期", "until", ""),
    },
}
NEEDED = {
    "units": ("code", "name", "parent"),
    "routes": ("unit", "code"),
    "staff": ("login", "name", "unit", "role"),
}
DAYS = ("opened_on", "ledger_from", "first_day", "last_day")
_ALIASES = {
    "units": {
        "code": "编号 编码 代码 单位编号 机构编号 机构代码 unit-code",
        "name": "名称 单位名称 机构名称",
        "parent": "上级 上级编号 上级单位 上级机构 above",
        "setting": "城乡 城乡类别 类别 city-or-rural",
        "opened_on": "启用日期 启用 开办日期 成立日期 opened opened-on first-day",
        "ledger_from": "台账起始日期 台账起始 台账起 台账开始日期 台账启用日期 ledger-from ledger",
        "services": "服务 服务种类 服务项目 开办服务 开办业务 业务种类 service",
        "operator": "经营方式 经营性质 经营类型 run-by",
        "bureau": "性质 局别 机构性质 单位性质",
    },
    "routes": {
        "unit": "部门 部门编号 单位 单位编号 投递部 department",
        "code": "道段号 道段 段道号 段号 编号 route route-code number",
        "name": "道段名 道段名称 段道名称 名称 route-name",
        "carrier": "投递员登录名 投递员 登录名 carrier-login login",
        "first_day": "起始日期 开始日期 自 from since",
    },
    "staff": {
        "login": "登录名 用户名 工号 账号 staff-number",
        "name": "姓名 名字 人员姓名",
        "unit": "单位 单位编号 部门 部门编号 机构编号 department",
        "role": "岗位 职务 角色 position",
        "first_day": "起始日期 开始日期 任职日期 上岗日期 自 from since",
        "last_day": "截止日期 结束日期 至 until to",
    },
}
SETTING_WORDS = by_word({"city": "城市 城区 市 城", "rural": "农村 乡村 乡 村 农"})
SERVICE_WORDS = by_word(
    {
        "delivery": "投递 投递服务",
        "counter": "营业 营业服务",
        "financial": "金融 邮政金融 金融服务",
    }
)
OPERATOR_WORDS = by_word({"own": "自办 自营", "agency": "委代办 代办 委办 委托代办 agency-outlet"})
BUREAU_WORDS = by_word(
    {
        "delivery": "投递局 delivery-bureau",
        "counter": "营业局 counter-bureau",
        "none": "旗县局 县局 county-office",
    }
)
ROLE_WORDS = by_word(
    {
        "carrier": "投递员",
        "team_lead": "班组长 班长 组长 teamlead",
        "inspector": "质检员 检查员",
        "director": "主任 支局长 投递部主任 部主任",
        "county_manager": "县局管理员 投递业务管理员 业务管理员 县局业务管理员 countymanager",
        "league_inspector": "盟市检查人员 盟市检查员 leagueinspector",
        "region_supervisor": "区公司监督检查人员 区公司监督检查部门 regionsupervisor",
        "admin": "系统管理员 管理员 administrator",
    }
)
_COLUMNS = {sort: by_alias(names) for sort, names in _ALIASES.items()}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s].*)?", re.ASCII)
_PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)


def column_of(sort: str, cell: str) -> str | None:
    """The column of that sort of file which a header cell names, whatever remark follows in brackets."""
    return _COLUMNS[sort].get(key(re.sub(r"\([^()]*\)\s*$", "", unicodedata.normalize("NFKC", cell))))


def iso_day(written: str) -> str:
    """A day as people write it (2026/12/1, 2026年12月1日, 20261201) in ISO; what is none of these as it stands."""
    found = _DAY.fullmatch(written) or _PLAIN_DAY.fullmatch(written)
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else written
