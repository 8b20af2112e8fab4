"""The sentences of a line's ``why``: each reason is a code with values, said here in both languages. Pure.

:func:`explain` tells a line whole: the article, the period, what counted and what did not, what is missing and until
when, and the Readings.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from webapp.core.dates import closed_up, written
from webapp.ledger.lines import RETURNED, status
from webapp.ledger.measures import measure_of
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty, Rulebook, Text

_SENTENCES: Mapping[str, tuple[str, str]] = {
    # --- why a duty does not bind
    "no-delivery": ("{day} 不是投递日，不适用。", "{day} is not a delivery day: not applicable."),
    "no-delivery-week": ("本期没有投递日，不适用。", "The period has no delivery day: not applicable."),
    "no-delivery-month": ("本月没有投递日，不适用。", "The month has no delivery day: not applicable."),
    "zero-volume": ("{day} 的业务量记录为零，不适用。", "The volume of {day} is recorded as zero: not applicable."),
    "zero-volume-week": ("本周各投递日的业务量都记录为零，不适用。", "Every delivery day of the week is recorded as zero: not applicable."),
    "zero-returns": ("{day} 没有退件，不适用。", "Nothing was returned on {day}: not applicable."),
    "no-points": ("没有应检查的接转点，不适用。", "There is no relay point to check: not applicable."),
    "nothing-to-balance": ("{day} 的期初与收进都为零，不适用。", "Opening and received of {day} are both zero: not applicable."),
    "nobody-to-cover": ("本期没有应查的单位，不适用。", "There is nobody to cover in this period: not applicable."),
    # --- units below, covered by one's own work
    "cover-percent": ("{setting}应查单位 {members} 个，{percent}% 进位取整为 {required} 个；已查 {covered} 个。", "{setting}{members} to be covered, {percent} % rounded up: {required}; covered: {covered}."),
    "cover-size": ("{setting}应查单位 {members} 个，要求 {required} 个；已查 {covered} 个。", "{setting}{members} to be covered, asked for: {required}; covered: {covered}."),
    "cover-all": ("{setting}应查单位 {members} 个，须全部查到；已查 {covered} 个。", "{setting}{members} to be covered, all of them; covered: {covered}."),
    "cover-points": ("应查单位 {members} 个，合计应查接转点 {required} 个；已查 {covered} 个。", "{members} to be covered, {required} relay points together; called at: {covered}."),
    "spread-percent": ("涉及单位 {members} 个，{percent}% 进位取整为 {required} 个；已涉及 {covered} 个。", "They lie in {members} units; {percent} % rounded up: {required}; reached: {covered}."),
    "spread-size": ("涉及单位 {members} 个，要求 {required} 个；已涉及 {covered} 个。", "They lie in {members} units, asked for: {required}; reached: {covered}."),
    "spread-all": ("涉及单位 {members} 个，须全部涉及；已涉及 {covered} 个。", "They lie in {members} units, all of them asked for; reached: {covered}."),
    "not-as-asked": ("{checks} 次检查的方式或表头不符合条文要求，不计。", "Checks not made as the article asks (method, head of the form), not counted: {checks}."),
    # --- why one of them does not count
    "not-begun": ("尚未检查", "not begun"),
    "short-groups": ("特快、函件、报刊没有都查到：{done}/{required}", "not every class was looked at: {done} of {required}"),
    "short-header": ("规定的内容没有都查看：{done}/{required}", "not everything was looked at: {done} of {required}"),
    "short-classes": ("规定的邮件种类没有都查到：{done}/{required}", "not every class was looked at: {done} of {required}"),
    "short-items": ("件数不足：{done}/{required}", "too few items: {done} of {required}"),
    "short-points": ("接转点不足：{done}/{required}", "too few relay points: {done} of {required}"),
    "short-opened": ("没有抽看记录表：{done}/{required}", "no form opened: {done} of {required}"),
    "short-audited": ("调审的投递部不足：{done}/{required}", "too few departments audited: {done} of {required}"),
    # --- plans of special checks
    "plan-none": ("本期没有专项检查方案。", "No special check was planned for this period."),
    "planned": ("方案“{title}”（{first} 至 {last}）：应查单位 {units} 个，每个不少于 {minimum} 个接转点；已查足 {covered} 个。", "Plan “{title}” ({first} to {last}): units to be checked: {units}, at least {minimum} relay points each; done: {covered}."),
    "plan-summary": ("总结已于 {issued} 签发。", "The summary was issued on {issued}."),
    "plan-summary-late": ("总结于 {issued} 签发，不在本期，不计。", "The summary was issued on {issued}, outside the period, and does not count."),
    "plan-no-summary": ("总结尚未签发。", "The summary has not been issued."),
    "plan-others": ("本期另有 {plans} 个方案，以最好的为准。", "More plans of this period: {plans}; the best one counts."),
    "plan-late": ("{plans} 个方案在期末之后才录入，不计。", "Plans entered only after the period, not counted: {plans}."),
    # --- volume and threshold
    "volume": ("当日业务量（{source}）：{known}。", "The day's volume ({source}): {known}."),
    "volume-missing": ("缺少业务量：{classes}（已知：{known}），要求数无法确定。", "The volume is missing: {classes} (known: {known}); the requirement cannot be told."),
    "volume-part": ("缺少业务量：{classes}（已知：{known}）；已知部分已足以确定要求：{required} 件。", "The volume is missing: {classes} (known: {known}); what is known settles the requirement: {required}."),
    "share": ("{volume} 件的 {percent}%，进位取整为 {required} 件。", "{percent} % of a volume of {volume}, rounded up: {required}."),
    "share-all": ("共 {volume} 件，须逐件检查。", "All of them are to be checked: {volume}."),
    "least": ("要求 {size} 件，业务量 {volume} 件，取较小者：{required} 件。", "The lesser of {size} and the volume of {volume}: {required}."),
    "enough": ("无论业务量是多少，{size} 件都已足够。", "Whatever the volume was, {size} are enough."),
    "checked": ("有效检查 {items} 件。", "Checked and counted: {items}."),
    "off-list": ("{items} 件不在当日清单上，不计。", "Not on the day's list, so not counted: {items}."),
    "zero-class": ("{items} 件所属邮件种类当日业务量记录为零，不计。", "Of a class whose volume of the day is recorded as zero, so not counted: {items}."),
    "chosen": ("事先选定 {items} 件。", "Chosen in advance: {items}."),
    "not-chosen": ("{items} 件未事先选定，不计。", "Not chosen beforehand, so not counted: {items}."),
    # --- sessions
    "sessions": ("要求 {required} 次，每次不少于 {size} {what}。", "Sessions required: {required}, each of at least {size} {what}."),
    "stratum-least": ("每次其中{stratum}不少于 {minimum} 件。", "Each session: {stratum}, at least {minimum}."),
    "few-days": ("本期只有 {days} 个投递日。", "Delivery days of the period: only {days}."),
    "zero-days": ("规定 {sessions} 次；业务量为零的日子不计，要求 {required} 次。", "Sessions by the article: {sessions}; days recorded as zero are left out: {required}."),
    "few-points": ("接转点共 {points} 个，不足 {size} 个，以总数为准。", "The relay points there are, {points}, are fewer than {size}: all of them."),
    "small-days": ("业务量不足 {size} 件的日子，须检查当日全部。", "On days with a volume below {size} all of it is to be checked."),
    "volumes-missing": ("缺少业务量的投递日：{days}。", "Delivery days of which the volume is missing: {days}."),
    "session-counts": ("{day}：检查 {items} {what}，达到最低数 {minimum} {what}，计一次。", "{day}: {items} checked, the minimum of {minimum} is reached: it counts."),
    "session-short": ("{day}：检查 {items} {what}，未达到最低数 {minimum} {what}，不计次。", "{day}: {items} checked, short of the minimum of {minimum}: it does not count."),
    "session-mixed": ("{day}：检查 {items} {what}，总数够，构成不够，不计次。", "{day}: {items} checked, enough in all but not of each sort: it does not count."),
    "session-zero-day": ("{day}：当日业务量记录为零，不成一次检查，{items} 件不计。", "{day}: the volume is recorded as zero, so there is no session; not counted: {items}."),
    "session-off-list": ("{day}：当日进口量不足规定件数，须从当日清单中检查；{items} 件不在清单上，不计。", "{day}: fewer came in than a session asks for, so those of the day's list are to be checked; not on it and not counted: {items}."),
    "stratum-short": ("{day}：{stratum}有效 {items} 件，不足 {minimum} 件。", "{day}: {stratum}, counted {items}, short of {minimum}."),
    "sessions-share": ("各次检查的不同邮件合计不足各次最低数之和，只计 {done} 次。", "The sessions together hold too few different numbers; counted: {done}."),
    # --- relay points
    "points": ("应查接转点 {points} 个，取 {size} 与总数中较小者：{required} 个。", "Relay points that count: {points}; the lesser of {size} and that: {required}."),
    "points-all": ("接转点共 {points} 个，须全部完成。", "Relay points that count: {points}, every one of them."),
    "points-confirm": ("接转点共 {points} 个，须全部确认。", "Relay points that count: {points}, every one to be confirmed."),
    "points-visited": ("已检查不同接转点 {points} 个。", "Different relay points visited: {points}."),
    "points-outside": ("另有 {points} 个已撤销、未满规定天数或不属本部门的接转点不计。", "Closed, open too short or not of this department, so not counted: {points}."),
    "confirmed": ("截至 {day}，{days} 天内确认过的有 {points} 个。", "As of {day}, {points} were confirmed within {days} days."),
    # --- records
    "records": ("有效记录 {records} 条。", "Records that count: {records}."),
    "balance": ("期初 {opening}＋收进 {received}；投出 {delivered}＋退回 {returned}＋转出 {forwarded}＋结存 {carried}。", "Opening {opening} + received {received}; delivered {delivered} + returned {returned} + forwarded {forwarded} + carried over {carried}."),
    "balance-expected": ("尚未录入平衡：期初 {opening}，收进 {received}。", "No balance has been entered: opening {opening}, received {received}."),
    "balance-differs": ("不平衡：收方比付方多 {difference} 件，已列为问题。", "It does not balance: {difference} more came in than went out; a problem was opened."),
    "balance-exceeds": ("不平衡：付方比收方多 {difference} 件，已列为问题。", "It does not balance: {difference} more went out than came in; a problem was opened."),
    "opening-differs": ("录入的期初 {opening} 与前一投递日结存 {carried} 不符。", "The opening entered, {opening}, differs from what the day before carried over, {carried}."),
    "opening-unknown": ("期初不详，无法判断是否平衡。", "The opening is not known, so nothing can be said of the balance."),
    "spaced": ("本月计 {delivery_days} 个投递日，相邻两次检查相差不超过 {days} 个投递日。", "Delivery days of the month: {delivery_days}; neighbouring checks are at most {days} of them apart."),
    "check-on": ("{day}（第 {number} 个投递日）已检查。", "Checked on {day} (delivery day {number})."),
    "gap": ("{after} 至 {before} 相差超过 {days} 个投递日。", "From {after} to {before} is more than {days} delivery days."),
    "gap-first": ("从月初或启用日到 {before} 的首次检查，超过 {days} 个投递日。", "From the start of the month or of the unit to the first check on {before} is more than {days} delivery days."),
    "next-check": ("最迟应在 {day} 检查。", "A check was or is due by {day}."),
    # --- documents
    "document-sent": ("{number} 于 {day} 报送。", "{number} was sent on {day}."),
    "document-issued": ("{number} 于 {day} 签发。", "{number} was issued on {day}."),
    "document-waits": ("{number} 已签发，尚未报送。", "{number} is issued and not sent yet."),
    "document-early": ("{number} 于 {day} 签发，期间尚未结束，不计。", "{number} was issued on {day}, before the period was over: it does not count."),
    "document-late": ("{number} 于 {day} 完成，已过期限，不计。", "{number} was done on {day}, after the closing: it does not count."),
    "document-void": ("{number} 已作废，不计。", "{number} was declared void: it does not count."),
    # --- beside the figures
    "sole-person": ("部门只有一人，由县局管理员的检查履行。", "The department has one person: the county manager's inspection fulfils it."),
    "own-delivery": ("{items} 件由检查人本人投递，须由他人检查，不计。", "Delivered by the person who judged them, so not counted; somebody else must check them: {items}."),
    "not-counted-role": ("{day}：{checks} 次检查不计，检查人的岗位不在规定之列。", "{day}: {checks} not counted, the author's role is not one that the article names."),
    "not-counted-unit": ("{day}：{checks} 次检查不计，由其他单位进行，不代替本部门。", "{day}: {checks} not counted, made by another unit, which does not stand in for the department."),
    "not-counted-late": ("{day}：{checks} 次检查不计，在期限之后进行。", "{day}: {checks} not counted, made after the line had closed."),
    "not-counted-early": ("{day}：{checks} 次检查不计，早于清单日。", "{day}: {checks} not counted, made before the day of the list."),
    "not-counted-unfinished": ("{day}：{checks} 次检查不计，所审的期间尚未结束。", "{day}: {checks} not counted, the period under review was not over."),
    "not-counted": ("另有 {checks} 次检查不计。", "More that do not count: {checks}."),
    "withdrawn": ("已撤回 {facts} 条记录。", "Records withdrawn: {facts}."),
    "voided": ("抽样中作废 {items} 件。", "Drawn items voided: {items}."),
    "holidays-unknown": ("{year} 年的节假日安排尚未录入，投递日可能有出入。", "The public holidays of {year} are not known yet, so delivery days may differ."),
    # --- said when it is read
    "article": ("依据第 {article} 条：{text}", "Article {article}: {text}"),
    "period": ("期间：{first} 至 {last}，{until} 截止。", "Period: {first} to {last}, closing at {until}."),
    "day": ("{first} 当日的职责，{until} 截止。", "A duty of {first}, closing at {until}."),
    "left": ("还差 {left}，{until} 前。", "Still missing: {left}, until {until}."),
    "short": ("已截止，还差 {left}。", "Closed; missing: {left}."),
    "short-anyway": ("已截止；无论缺少的业务量是多少，检查数都不够。", "Closed; whatever the missing volume was, too few were checked."),
    "more-checks": ("到月末至少还要检查 {left} 次。", "Checks still to come until the month's end, at least: {left}."),
    "lapsed": ("已截止，没有按期检查。", "Closed; a check was not made in time."),
    "undecided": ("已截止；缺少的业务量可能改变结果，按未达标计。", "Closed; a missing volume could change the verdict, so it counts as not met."),
    "reading": ("解释〔{article}〕：{text}", "Reading [{article}]: {text}"),
}  # fmt: skip
_SOURCES = {
    "manifests": Text("已封存清单", "sealed manifests"),
    "typed": Text("录入", "typed"),
    "none": Text("无", "none"),
}
# The status in a sentence; the words of pages and phones are the same.
WORDS = {
    "met": Text("达标", "met"),
    "partial": Text("进行中", "under way"),
    "due": Text("待完成", "due"),
    "missed": Text("未达标", "missed"),
    "unknown": Text("无法判定", "undecided"),
    "not-applicable": Text("不适用", "not applicable"),
}
_COUNTED = {
    "items": ("件", "item", "items"),
    "sessions": ("次", "session", "sessions"),
    "points": ("个接转点", "relay point", "relay points"),
    "records": ("条记录", "record", "records"),
    "departments": ("个投递部", "department", "departments"),
    "counties": ("个旗县局", "county", "counties"),
    "leagues": ("个盟市", "league", "leagues"),
    "parts": ("项（单位或总结）", "part (a unit or the summary)", "parts (units, the summary)"),
    "documents": ("份文书", "document", "documents"),
}
# What a session is made of.
_WHAT = {"items": Text("件", "items"), "points": Text("个", "relay points")}
_RETURNED = Text("退件", "Returned")
_NOT_KNOWN = Text("不详", "not known")


class _Gentle(dict):
    """A sentence never fails for a value that a record did not give."""

    def __init__(self, values: Mapping, missing: str):
        super().__init__(values)
        self.missing = missing

    def __missing__(self, key: str) -> str:
        return self.missing


def sentence(reason: Sequence, rulebook: Rulebook) -> Text:
    """One reason ``[code, values]`` in both languages; those of many lines are alike, and are made once."""
    code, values = reason
    return _sentence(_Reason(code, values, rulebook))


class _Reason:
    """A reason that is known again by all that its sentence is made of: of the rulebook it takes names alone."""

    def __init__(self, code: str, values: Mapping, rulebook: Rulebook):
        self.code, self.values, self.rulebook = code, values, rulebook
        self.key = (code, rulebook.digest, repr(values))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other) -> bool:
        return self.key == other.key


@lru_cache(maxsize=2048)
def _sentence(reason: _Reason) -> Text:
    code, values, rulebook = reason.code, reason.values, reason.rulebook
    zh, en = _SENTENCES[code]
    said = closed_up(zh.format_map(_said(values, rulebook, "zh")))
    return Text(said, en.format_map(_said(values, rulebook, "en")))


def explain(
    line, duty: Duty, period: Period, rulebook: Rulebook, now: datetime, readings: bool = True
) -> list[Text]:
    """The whole reasoning of a line (or of its stored row) as of ``now``, sentence by sentence."""
    return [sentence(reason, rulebook) for reason in told(line, duty, period, rulebook, now, readings)]


def told(
    line, duty: Duty, period: Period, rulebook: Rulebook, now: datetime, readings: bool = True
) -> list[tuple[str, Mapping]]:
    """The same as codes with their values: the stored reasons, and what only the moment of reading can say."""
    until = line.closes_at
    found = [
        ("article", {"article": duty.article, "text": duty.text}),
        ("day" if period.kind == "day" else "period", {"first": period.first, "last": period.last, "until": until}),
        *map(tuple, line.why),
        *_missing(line, duty, until, now),
    ]  # fmt: skip
    if not readings:
        return found
    texts = [rulebook.readings[code] for code in duty.readings]
    return found + [("reading", {"article": one.article, "text": one.text}) for one in texts]


def _missing(line, duty: Duty, until: datetime, now: datetime) -> list[tuple[str, Mapping]]:
    """What is still missing and until when, or by how much it fell short."""
    if not line.applicable or line.met:
        return []
    if status(line, now) == "unknown":
        return [("undecided", {})]
    closed = line.closes_at <= now
    if line.required is None:
        return [("short-anyway", {})] if closed else []
    if reason := measure_of(duty).missing(line, closed):
        return [reason]
    left = line.required - line.done
    if left <= 0:
        return []
    return [("short" if closed else "left", {"left": _counted(duty.counts, left), "until": until})]


_SETTINGS = {"city": Text("城市", "City: "), "rural": Text("农村", "Rural: ")}


def _counted(counts: str, number: int) -> Text:
    """So many of what the duty counts."""
    zh, one, several = _COUNTED[counts]
    return Text(f"{number} {zh}", f"{number} {one if number == 1 else several}")


def _said(values: Mapping, rulebook: Rulebook, language: str) -> _Gentle:
    mark, comma = ("、", "，") if language == "zh" else (", ", ", ")
    said = {name: _in(value, language) for name, value in values.items()}
    if values.keys() & {"classes", "known", "stratum"}:
        names = _names(rulebook, language)
        said["classes"] = mark.join(names[code] for code in values.get("classes", ()))
        known = [f"{names[code]} {count}" for code, count in sorted(values.get("known", {}).items())]
        said["known"] = comma.join(known) or ("无" if language == "zh" else "none")
        said["stratum"] = names.get(values.get("stratum"), values.get("stratum"))
    if values.get("setting") in _SETTINGS:
        said["setting"] = _SETTINGS[values["setting"]].in_(language)
    elif "members" in values:
        said["setting"] = ""
    if "source" in values:
        said["source"] = _SOURCES[values["source"]].in_(language)
    if not isinstance(values.get("days", 0), int):
        said["days"] = mark.join(written(day, language) for day in values["days"])
    said["what"] = _WHAT[values.get("what", "items")].in_(language)
    return _Gentle(said, missing=_NOT_KNOWN.in_(language))


def _names(rulebook: Rulebook, language: str) -> dict[str, str]:
    """What classes of mail and strata of letters are called."""
    names = {code: text.in_(language) for code, text in rulebook.classes.items()}
    names[RETURNED] = _RETURNED.in_(language)
    return names | {s.code: s.title.in_(language) for kind in rulebook.kinds.values() for s in kind.strata}


def _in(value, language: str):
    if value is None:
        return _NOT_KNOWN.in_(language)
    return value.in_(language) if isinstance(value, Text) else written(value, language)
