"""What the demo's county, league and region write down: the bodies of their records, with findings in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

Fact = tuple[dict, dict | None]  # (open, personal)

# What a visit found where a criterion failed, and what was asked for.
FOUND = {
    "upload": (
        "特快邮件妥投信息平均迟1小时20分上网，3件次日补录",
        "特快邮件妥投信息当班上网，未上网不得交班",
    ),
    "audited": (
        "抽看前三日投递清单，两日未按时上交，一日未审核签章",
        "投递清单当日上交、当日审核，主任每日签章",
    ),
    "signed": ("抽看签收单30件，2件代收未注明与收件人关系", "代收必须注明与收件人关系，并先经收件人同意"),
    "stamp": ("抽查进口平常函件20件，6件未加盖投递日戳", "进口平常函件逐件加盖投递日戳，班组长出班前抽查"),
    "depth": (
        "一段三栋居民楼的函件统一放在门卫室，未投到户箱",
        "按公布的投递深度投到户、到箱，三日内改正并回访",
    ),
    "made-good": ("报刊短缺4份，检查当日既未补投也未退款", "报刊短缺三日内补投或退款，并逐件登记"),
    "self-checks": (
        "自查表与系统妥投时间对不上，连续两周的结果完全相同",
        "自查须到现场进行，检查表由检查人当场填写，班组长不得代填",
    ),
}
# The criteria of a visit, by group.
CRITERIA = {
    "express": ("upload", "audited", "signed"),
    "letters": ("stamp", "backlog", "depth"),
    "periodicals": ("backlog-p", "made-good"),
    "general": ("complaints", "self-checks", "forced"),
}
TITLES = {"express": "特快邮件", "letters": "函件", "periodicals": "报刊", "general": "综合管理"}


@dataclass(frozen=True)
class Desk:
    """In whose name somebody records: the unit that acts, and the person."""

    acting: str
    person: str

    def form(self, kind: str, unit: str, day: date, items: Iterable[dict], method: str, **more) -> dict:
        """The open part of a record about the unit."""
        own = {
            "type": "inspection",
            "kind": kind,
            "unit": unit,
            "acting": self.acting,
            "date": day.isoformat(),
        }
        return {**own, "method": method, "items": list(items), **more}

    # ------------------------------------------------------------ on site

    def visit(
        self,
        unit: str,
        day: date,
        fails: tuple[str, ...] = (),
        without: str | None = None,
        none_came: str | None = None,
        together: str | None = None,
    ) -> Fact:
        """A visit to a department. ``without``: the group that was not looked at; ``none_came``: the one of which
        nothing had come; ``together``: with whom it was made."""
        groups = [code for code in CRITERIA if code not in (without, none_came)]
        answers = {code: "fail" if code in fails else "pass" for group in groups for code in CRITERIA[group]}
        said = [f"与{together}联合检查"] if together else []
        said += [f"现场查看{'、'.join(TITLES[code] for code in groups)}"]
        said += [f"当日{TITLES[none_came]}没有进口"] if none_came else []
        said += [FOUND[code][0] for code in fails] or ["清单、签收单、自查表核对一致，未发现问题"]
        wanted = [FOUND[code][1] for code in fails]
        item = {"subject": unit, "verdict": "fail" if fails else "pass", "answers": answers}
        if none_came:
            item["none_came"] = [none_came]
        findings = "；".join(said) + "。"
        header = {"findings": len(findings), "requirements": wanted}
        return (
            self.form("dept-visit", unit, day, [item], "unannounced", header=header),
            {"notes": {"header.findings": findings}},
        )

    def follow(self, unit: str, day: date, route: str, letters: int = 5, fails: tuple[str, ...] = ()) -> Fact:
        """So many nonlocal letters followed on a route, and two local ones."""
        items = [
            {
                "subject": f"{'外' if far else '本'}{n + 1}", "class": "letter", "stratum": "nonlocal" if far else "local",
                "tag": f"{n + 2}号楼", **_verdict(fails if far and n == 0 else ()),
            }
            for far, count in ((True, letters), (False, 2))
            for n in range(count)
        ]  # fmt: skip
        return self.form("letter-follow", unit, day, items, "on-site", header={"route": route}), None

    def parcels(self, unit: str, day: date, count: int = 20, fails: tuple[str, ...] = ()) -> Fact:
        """Parcels looked at on site; the first one fails where something does."""
        items = [
            {
                "subject": f"97{unit[-4:]}{day:%m%d}{n:04}", "class": "parcel",
                **_verdict(fails if n == 0 else ()),
            }
            for n in range(count)
        ]  # fmt: skip
        return self.form("parcel", unit, day, items, "on-site"), None

    def calls(self, unit: str, day: date, photos: dict[str, dict], fails: tuple[str, ...] = ()) -> Fact:
        """Relay points called at, each with its photo; the first one fails where something does."""
        items = [
            {
                "subject": point, "photos": [photo], "position": "no-signal",
                **_verdict(fails if n == 0 else ()),
            }
            for n, (point, photo) in enumerate(photos.items())
        ]  # fmt: skip
        return self.form("relay", unit, day, items, "unannounced"), None

    # ------------------------------------------------------------ at the desk, about a week or a month

    def review(
        self,
        kind: str,
        unit: str,
        day: date,
        about: date,
        opened: Iterable[str],
        signed: str,
        untrue: bool = False,
    ) -> Fact:
        """A review of records about a period; ``signed``: "<duty> <period>" of the line that was seen."""
        items = [
            {"subject": one, **_verdict(("true",) if untrue and n == 0 else ())}
            for n, one in enumerate(opened)
        ]
        opinion = "记录填写规范，与系统比对一致。"
        if not items:
            opinion = "本期没有检查记录，已要求补查并说明原因。"
        elif untrue:
            opinion = "抽到的一份与系统妥投时间不符，退回重查。"
        header = {"verified": "system", "opinion": len(opinion), "signed": [f"{signed} -"]}
        return (
            self.form(kind, unit, day, items, "system", about=about.isoformat(), header=header),
            {"notes": {"header.opinion": opinion}},
        )

    def look(
        self, unit: str, day: date, about: date, opened: Iterable[str], bulletin: str = "issued"
    ) -> Fact:
        """A look at a league's summary and bulletin of a month, and at some of its forms."""
        items = [{"subject": one, **_verdict(())} for one in opened]
        opinion = (
            "汇总齐全，通报点到了具体投递部。" if bulletin == "issued" else "没有见到当月通报，已要求补发。"
        )
        header = {"summary": "complete", "bulletin": bulletin, "opinion": len(opinion)}
        return (
            self.form("letters-look", unit, day, items, "records", about=about.isoformat(), header=header),
            {"notes": {"header.opinion": opinion}},
        )

    def audit(self, unit: str, day: date, about: date, reports: Iterable[str], vague: bool = False) -> Fact:
        """An audit of a league's visit reports of a month; of two kinds of fault a vague one is found first."""
        items = [
            {"subject": one, **_verdict(("substance",) if vague and n == 0 else ())}
            for n, one in enumerate(reports)
        ]
        opinion = "一份报告书检查情况空泛，没有件数和日期。" if vague else "报告书内容具体，整改要求有回音。"
        return (
            self.form(
                "report-audit", unit, day, items, "records", about=about.isoformat(), header={"opinion": len(opinion)}
            ),
            {"notes": {"header.opinion": opinion}},
        )  # fmt: skip

    def meeting(self, day: date, notes: str, requirements: list[str]) -> Fact:
        """The month's analysis of delivery quality."""
        header = {"notes": len(notes), "requirements": requirements}
        return (
            self.form("unit-analysis", self.acting, day, [{"subject": "-"}], "on-site", header=header),
            {"notes": {"header.notes": notes}},
        )


def _verdict(fails: tuple[str, ...]) -> dict:
    return {"verdict": "fail" if fails else "pass", "answers": dict.fromkeys(fails, "fail")}
