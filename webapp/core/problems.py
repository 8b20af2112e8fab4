"""The one catalogue of problems: a stable code, an HTTP status, and a sentence in both languages.

Operations and queries raise :class:`Problem`; only a door turns it into a response. A client branches on
``code``, never on the text. ``fields`` names what is at fault: ``{"items[3].number": "empty"}``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from webapp.core.dates import closed_up, written


@dataclass(frozen=True)
class Entry:
    """One kind of problem: HTTP status and the sentence shown to a person, with ``{name}`` places.

    ``retry_after``: seconds after which the same request may go well; a phone then tries again by itself.
    """

    status: int
    zh: str
    en: str
    retry_after: int | None = None


CATALOGUE: dict[str, Entry] = {
    # --- any request
    "bad-request": Entry(400, "请求内容无法读取。", "The request could not be read."),
    "invalid": Entry(422, "有些内容需要修改：{detail}", "Some content needs correcting: {detail}"),
    "not-found": Entry(404, "没有找到。", "Not found."),
    "method-not-allowed": Entry(405, "这里不能这样操作。", "That cannot be done here."),
    "too-large": Entry(413, "内容太大。", "That is too large."),
    "length-required": Entry(411, "请求必须注明长度。", "The request must state its length."),
    "too-many-requests": Entry(429, "操作太频繁，请稍候再试。", "Too many requests; please wait a little."),
    "wrong-type": Entry(415, "内容类型不对。", "That content type is not accepted here."),
    "wrong-origin": Entry(403, "请求不是来自投查页面。", "The request did not come from a Toucha page."),
    "demo-elsewhere": Entry(
        403, "演示只能在本机打开。", "The demo, whose passwords are published, is for this machine only."
    ),
    "form-expired": Entry(
        400, "页面已过期，请刷新后重试。", "This page has expired; reload it and try again."
    ),
    "missing-glyph": Entry(
        422,
        "“{character}”（{point}）无法印成 PDF：字库里没有这个字，位置：{place}。请换一种写法，或者下载 Excel。",
        "“{character}” ({point}) cannot be printed as PDF: the font does not have it. It stands in: {place}. Write it otherwise, or take the Excel file.",
    ),
    "server-error": Entry(
        500,
        "服务器出错了，已记录。请稍后再试。",
        "The server failed; it has been noted. Please try again later.",
    ),
    "busy": Entry(
        503,
        "服务器正忙，请稍候，数据没有丢失。",
        "The server is busy; nothing is lost, please try again.",
        retry_after=5,
    ),
    "disk-full": Entry(
        503,
        "服务器磁盘已满，没有保存。请通知系统管理员；手机里的记录会保留并自动重发。",
        "The server's disk is full; nothing was stored. Please tell the administrator; phones keep everything and try again.",
        retry_after=60,
    ),
    "cannot-write": Entry(
        503,
        "服务器现在不能写入，没有保存。请通知系统管理员；手机里的记录会保留并自动重发。",
        "The server cannot write at the moment; nothing was stored. Please tell the administrator; phones keep everything and try again.",
        retry_after=60,
    ),
    # --- who
    "sign-in": Entry(
        401, "请重新登录，手机里的记录会保留。", "Please sign in again; what is on the phone is kept."
    ),
    "other-person": Entry(409, "这台手机上登录的是另一个人。", "Another person has signed in on this phone."),
    "forbidden": Entry(403, "您的岗位不能做这件事。", "Your role does not allow this."),
    "temporary-password": Entry(
        403,
        "请先在“我的账号”里把临时密码换成自己的密码。手机里的记录会保留，改好后自动上传。",
        "First replace the temporary password by one of your own, under Account. What is on the phone is kept and goes on by itself.",
    ),
    "temporary-expired": Entry(
        403,
        "临时密码已过期，不能再用。请让主任或县局管理员重新设置，或发一个开通码。",
        "This temporary password is past its time. Ask your director or manager for a new one, or for an enrolment code.",
    ),
    "no-password": Entry(
        403,
        "您还没有密码，这件事要先输入密码才能做。请让主任或县局管理员再发一个开通码，开通时设置密码。",
        "You have no password yet, and this asks for it. Ask your director or manager for a new enrolment code, and choose a password with it.",
    ),
    "bad-second-code": Entry(
        422,
        "验证码不对，或已经用过。请输入验证器上新的 6 位数字。",
        "That code is wrong or was used. Type the present 6 digits of the authenticator app.",
    ),
    "second-factor-missing": Entry(
        403,
        "您的单位要求使用两步验证，请先在“我的账号”里开启。",
        "Your unit requires a second factor: set it up first, under Account.",
    ),
    "second-factor-required": Entry(
        403,
        "您的单位要求使用两步验证，不能关闭。",
        "Your unit requires the second factor: it cannot be removed.",
    ),
    "bad-login": Entry(401, "登录名或密码不对。", "The name or the password is wrong."),
    "locked-out": Entry(
        429,
        "登录失败次数太多，请 {minutes} 分钟后再试。",
        "Too many failed logins; try again in {minutes} minutes.",
    ),
    "bad-code": Entry(
        410,
        "这个开通码不存在、已用过或已过期。",
        "This enrolment code does not exist, was used, or has expired.",
    ),
    "nothing-to-draw": Entry(
        422,
        "这一天没有可抽取的邮件：请先封存清单，或换其他道段。",
        "There is nothing to draw on that day: seal the list first, or take other routes.",
    ),
    # --- facts
    "bad-digest": Entry(
        422, "内容与校验值不符，请重新上传。", "The content does not match its digest; send it again."
    ),
    "bad-fact": Entry(422, "记录内容有误：{detail}", "The record is not valid: {detail}"),
    "foreign-id": Entry(403, "这个编号不属于您。", "This id is not yours."),
    "not-led": Entry(
        403,
        "导入文件的人现在不负责这条记录所属的单位，或者记录人当时的岗位更高，所以没有计入。记录人仍可用自己的手机上传。",
        "Whoever brought the file does not lead the unit of this record now, or its author held the higher role: not counted. The author can still send it from an own phone.",
    ),
    "author-only": Entry(
        403,
        "台账变更、邮件量、确认，以及对已核查或本人已上传记录的更正和撤回，只能由本人提交，所以没有计入。记录人仍可用自己的手机上传。",
        "The register, volumes, confirmations, and what corrects or withdraws a record that was judged or that its author sent, come by the author's own hand only: not counted. The author can still send it from an own phone.",
    ),
    "role-not-held": Entry(
        403, "在 {date} 您没有做此项检查的岗位。", "On {date} you held no role for this inspection."
    ),
    "day-ahead": Entry(
        409,
        "{date} 还没有到，任何人都不能确认。等到那一天，或更正日期后再确认。",
        "{date} has not come: nobody can confirm it. Wait for that day, or say on which day the work was done.",
    ),
    "wrong-clock": Entry(
        422,
        "手机时间不对，日期成了 {date}。请把手机时间调准，再登记一次。",
        "The phone's clock is wrong and dated this {date}. Set the clock right and enter it again.",
    ),
    "unit-closed": Entry(
        422,
        "单位在 {date} 尚未开办或已经关闭，这一天的检查不能计入。",
        "The unit was not open on {date}: a check of that day counts nowhere.",
    ),
    "records-after": Entry(
        422,
        "最后一天之后还有 {count} 条有效记录（{days}），按这一天关闭就都不能计入。请把最后一天定得晚一些，或者先撤回这些记录。",
        "After that day stand records in force: {count}, of {days}. Closed so, they would count nowhere. Give a later last day, or have them withdrawn first.",
    ),
    "own-delivery": Entry(
        422, "不能检查自己投递的邮件：{numbers}", "Nobody judges the own deliveries: {numbers}"
    ),
    "not-drawn": Entry(
        422, "不在您的抽样清单上：{numbers}", "Not among the items drawn from your deliveries: {numbers}"
    ),
    "unknown-unit": Entry(
        422, "没有这个单位，或您不在那里工作。", "There is no such unit, or you do not work there."
    ),
    "unknown-point": Entry(
        422, "接转点不在本单位台账上。", "That relay point is not on the unit's register."
    ),
    "photo-needed": Entry(422, "至少需要一张照片。", "At least one photo is needed."),
    "position-needed": Entry(
        422, "需要位置，或说明没有位置的原因。", "A position is needed, or the reason why there is none."
    ),
    "already-judged": Entry(
        409,
        "已有人核查，只有县局管理员可以撤回。",
        "It has been judged; only the county manager may withdraw it.",
    ),
    "too-late": Entry(
        409,
        "第二份内容的个人信息已过保存期删除，只能保留第一份。",
        "The personal part of the second content is past its time and deleted; only the first can be kept.",
    ),
    "not-amendable": Entry(
        422, "只能更正自己的同类记录。", "Only the own records of the same kind can be corrected."
    ),
    # --- cases
    "case-moved": Entry(
        409,
        "这件事现在是“{zh_state}”，不能再这样办理。您写的内容已保留。",
        "This stands at “{en_state}” now, so that can no longer be done. What you wrote is kept.",
    ),
    "not-your-move": Entry(403, "这一步要由别人来办理。", "This step is somebody else's to take."),
    "too-late-for-move": Entry(
        422, "已超过 {days} 天的期限，不能再办理。", "That had to be done within {days} days."
    ),
    "evidence-old": Entry(
        422,
        "整改照片要在发现问题之后重新拍摄，不能用以前的照片。",
        "The photo has to be a new one, taken after the problem was found.",
    ),
    # --- documents
    "document-moved": Entry(
        409,
        "这份文书现在不能这样办理，请看它现在的状态。您写的内容没有丢失。",
        "That cannot be done with this document now; see how it stands. What you wrote is kept.",
    ),
    "document-written": Entry(
        409,
        "您写的时候，别人也改了这一段。两份都在下面，请核对后再保存。",
        "Somebody else has written here meanwhile. Both texts are below; look at them, then save.",
    ),
    "document-unready": Entry(422, "还不能签发：{detail}", "It cannot be issued yet: {detail}"),
    "document-same-person": Entry(
        403, "起草或写过这份文书的人不能核稿。", "Whoever wrote in a document does not check it."
    ),
    # --- photos
    "photo-broken": Entry(
        422,
        "照片或语音不完整或打不开，请重拍或重录。",
        "The photo or voice note is incomplete or cannot be opened; take it again.",
    ),
    "photo-format": Entry(
        415,
        "只收 JPEG、PNG、WebP 照片和 WebM（Opus）、MP4（AAC）语音。",
        "Only JPEG, PNG and WebP photos and voice notes in WebM (Opus) or MP4 (AAC) are accepted.",
    ),
    "photo-extras": Entry(
        415,
        "照片里带有位置、备注或多余的内容，不是本应用拍摄处理的。请在应用里重拍。",
        "The photo's file holds a position, comments or more than a picture: it was not made by this app. Take it again in the app.",
    ),
    "photo-too-large": Entry(
        413, "照片超过 5 MB 或像素过多。", "The photo is over 5 MB or has too many pixels."
    ),
    "voice-too-large": Entry(413, "语音超过 60 秒或 1 MB。", "The voice note is over 60 seconds or 1 MB."),
    "photo-purged": Entry(
        410,
        "照片已过保存期，按规定删除。",
        "The photo is past its time and has been deleted, as the rules ask.",
    ),
    "photo-lost": Entry(410, "手机上已没有这张照片。", "The photo is no longer on the phone."),
    "photo-digest": Entry(
        422, "照片内容与校验值不符，请重新上传。", "The photo does not match its digest; send it again."
    ),
    # --- sampling
    "bad-file": Entry(422, "文件无法读取：{detail}", "The file could not be read: {detail}"),
    "bad-day": Entry(422, "日期只能是 {first} 至 {last}。", "The day must be between {first} and {last}."),
    "nothing-to-import": Entry(422, "没有可以导入的行。", "There is no row to import."),
    "sealed": Entry(409, "清单已封存，不能再改。", "The list is sealed and final."),
    "not-sealed": Entry(409, "清单还没有封存。", "The list is not sealed yet."),
    "empty-list": Entry(422, "这份清单是空的，没有抽样。", "This list is empty: nothing is drawn."),
    "day-has-list": Entry(
        409,
        "当天已有清单，不能再登记为没有进口。",
        "There is a list of that day already: it cannot be declared empty.",
    ),
    "already-revealed": Entry(409, "抽样已经公布。", "The draw has already been revealed."),
    "reveal-ahead": Entry(
        409,
        "这是 {day} 的清单，当天道段归班之后才能公布抽样。",
        "This is the list of {day}: its draw is revealed that day, when the routes are back.",
    ),
    "not-revealed": Entry(409, "抽样还没有公布。", "The draw has not been revealed yet."),
    "reason-needed": Entry(422, "请写明原因。", "Please give the reason."),
    # --- people
    "login-taken": Entry(409, "这个登录名已被使用。", "This login name is taken."),
    "weak-password": Entry(
        422,
        "密码至少 8 个字符，且不能太常见：姓名拼音、生日、电话号码、键盘顺序都很容易被猜到。",
        "A password needs 8 characters and must not be a common one: names, birthdays, telephone numbers and rows of keys are guessed first.",
    ),
    "above-own-role": Entry(403, "不能授予高于自己的岗位。", "Nobody grants a role above the own."),
    "own-account": Entry(
        403, "自己的岗位和账号须由他人办理。", "The own roles and account are kept by somebody else."
    ),
    "inactive": Entry(409, "此人已停用，请先恢复。", "This person is deactivated; reactivate first."),
    # --- rules and calendars
    "weaker-override": Entry(
        422, "只能提高要求，不能降低：{zh}。", "A unit can only ask for more, never for less: {en}."
    ),
    "bad-edition": Entry(422, "版本内容有误：{detail}", "The edition is not valid: {detail}"),
    "edition-in-force": Entry(
        409, "该版本已经生效，不能再改。", "This edition is in force and can no longer be changed."
    ),
    # --- the month's signature
    "month-open": Entry(
        409,
        "{month} 还不能审签：{open} 项尚未截止。",
        "{month} cannot be signed yet: lines that are not closed: {open}.",
    ),
    "month-empty": Entry(409, "{month} 没有可以审签的职责。", "There is no line of {month} to sign."),
    "below-unsigned": Entry(
        409,
        "下级单位要先审签：{units}",
        "The units below are signed first: {units}",
    ),
    "lines-moved": Entry(
        409,
        "您看过以后，有 {count} 项变了。请看变动后再签。",
        "Since you looked, lines have changed: {count}. Look at what moved, then sign.",
    ),
    "month-signed": Entry(409, "这个月已经审签。", "This month is signed already."),
    "month-unsigned": Entry(409, "这个月还没有审签。", "This month is not signed yet."),
    "nothing-to-correct": Entry(
        409,
        "审签以后没有任何变动，不需要更正。",
        "Nothing has arrived since it was signed: there is nothing to correct.",
    ),
    "not-yours-to-sign": Entry(
        403,
        "这个月由上一级的负责人审签，更正由再上一级。",
        "A month is signed by who heads the level above, and corrected by the level above that.",
    ),
    "dispute-over": Entry(
        409,
        "异议要在审签后 {days} 个工作日内提出。",
        "A signature is disputed within {days} workdays.",
    ),
    "dispute-open": Entry(409, "已经有一份异议等待裁定。", "A dispute is waiting to be decided already."),
    "dispute-decided": Entry(409, "这份异议已经裁定。", "That dispute is decided already."),
    # --- special checks
    "plan-over": Entry(
        409,
        "方案已总结或已取消，不能再改。",
        "This plan is summarised or cancelled and can no longer be changed.",
    ),
    # --- ledger
    "bad-period": Entry(
        422,
        "期间格式不对，例如 2026-11-20、2026-W47、2026-11、2026-Q4、2026。",
        "Not a period; examples: 2026-11-20, 2026-W47, 2026-11, 2026-Q4, 2026.",
    ),
}


MOST_FIELDS, MOST_CHARACTERS = 20, 200  # of what one answer names: somebody may send a thousand faults


def _first(fields: Mapping[str, str]) -> dict[str, str]:
    """The first faults, each name and reason cut to a sentence's length."""
    found = {}
    for name in islice(fields, MOST_FIELDS):
        reason = fields[name]
        found[name[:MOST_CHARACTERS]] = reason[:MOST_CHARACTERS] if isinstance(reason, str) else reason
    return found


class Problem(Exception):
    """Something a person must be told. Raised anywhere below the doors; carries no HTTP object."""

    def __init__(self, code: str, fields: Mapping[str, str] | None = None, **values: object):
        super().__init__(code)
        self.code = code
        self.fields = _first(fields or {})
        self.values = values

    @property
    def entry(self) -> Entry:
        """The catalogue entry of this problem."""
        return CATALOGUE[self.code]

    def message(self, language: str) -> str:
        """The sentence for a person, in ``language`` (``zh`` or ``en``)."""
        english = language.startswith("en")
        template, language = (self.entry.en, "en") if english else (self.entry.zh, "zh")
        detail = "; ".join(f"{name}: {written(reason, language)}" for name, reason in self.fields.items())
        values = {name: written(value, language) for name, value in self.values.items()}
        text = template.format_map({"detail": detail, **values})
        return text if english else closed_up(text)

    def as_dict(self, language: str) -> dict:
        """The one shape of an error: ``{"code", "message", "fields"}``."""
        return {"code": self.code, "message": self.message(language), "fields": self.fields}


class OutOfSight(Problem):
    """``not-found`` of something that is there. Who asked must not learn it; the list of events does (org.events)."""

    def __init__(self, unit: str | None = None, person: str | None = None):
        super().__init__("not-found")
        self.unit, self.person = unit, person
