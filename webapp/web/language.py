"""The language of an answer, and how days, instants and figures are written in it."""

from datetime import date, datetime, timedelta

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, get_domain, get_locale, gettext, ngettext
from flask_login import current_user
from markupsafe import Markup

from webapp.core.clock import LOCAL
from webapp.core.dates import closing_text, day_text
from webapp.web import cookies, labels

COOKIE = "lang"
MINUTE = timedelta(minutes=1)
COOKIE_SECONDS = 400 * 24 * 3600


def init_language(app: Flask) -> None:
    """Wire Flask-Babel: Chinese unless ``?lang=``, the person or the cookie ``lang`` says otherwise."""
    Babel(app, default_locale="zh", default_timezone="Asia/Shanghai", locale_selector=chosen)
    _translate(app)
    app.jinja_env.filters.update(
        said=said,
        day=day,
        told_day=told_day,
        whole_day=whole_day,
        apart=apart,
        days=days,
        moment=moment,
        closing=closing,
        clocked=clocked,
        percent=percent,
        figure=figure,
    )
    app.jinja_env.globals["words"] = labels
    app.context_processor(lambda: {"language": language()})


def _translate(app: Flask) -> None:
    """Templates ask for hundreds of sentences: the language is looked up, the catalogue of each is kept.

    As Flask-Babel does it, but for the four look-ups a sentence.
    """
    catalogues: dict[str, object] = {}

    def catalogue():
        spoken = language()
        if spoken not in catalogues:
            catalogues[spoken] = get_domain().get_translations()
        return catalogues[spoken]

    app.jinja_env.install_gettext_callables(
        lambda text: catalogue().ugettext(text),
        lambda one, several, number: catalogue().ungettext(one, several, number),
        newstyle=True,
    )


def known(code: str | None) -> str | None:
    """``code`` if it is a language that Toucha speaks, else None."""
    return code if code in current_app.config["LANGUAGES"] else None


def chosen() -> str:
    """The first of ``?lang=``, the person's own and the cookie that names a known language; else Chinese."""
    if not has_request_context():
        return "zh"
    return known(request.args.get("lang")) or known(_persons()) or known(cookies.brought(COOKIE)) or "zh"


def _persons() -> str | None:
    """The language of whoever is signed in; None while the answer speaks of a failure of the database."""
    return None if g.get("failed") else getattr(current_user, "language", None)


def language() -> str:
    """``zh`` or ``en``: the language of the answer now being made."""
    # Where it was looked up before it is kept, by Flask-Babel: a page asks hundreds of times.
    kept = g.get("_flask_babel") if g else None
    locale = getattr(kept, "babel_locale", None) or get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def said(text) -> str:
    """A rulebook text (``{"zh", "en"}``, an object with both) in the answer's language; a plain string as it is."""
    if text is None or isinstance(text, str):
        return text or ""
    if isinstance(text, dict):
        return text.get(language()) or text.get("zh") or ""
    return getattr(text, language())


def day(value: date | None, weekday: bool = False) -> str:
    """A local day: ``11月20日 周五``, ``Fri 20 Nov``; with its year where it is not this one."""
    if value is None:
        return "—"
    return day_text(value, language(), weekday, year=value.year != datetime.now(LOCAL).year)


def whole_day(value: date) -> str:
    """A local day with year and weekday, where the year may be the mistake: ``2026年11月20日 周五``."""
    return day_text(value, language(), weekday=True)


def apart(value: date, other: date) -> str:
    """How far a day lies from another, as people say it: ``1 year ahead of the server’s clock``; empty for the same day."""
    gap = (value - other).days
    size = abs(gap)
    if not gap:
        return ""
    if size < 46:
        span = ngettext("%(num)s day", "%(num)s days", size)
    elif size < 350:
        span = ngettext("%(num)s month", "%(num)s months", round(size / 30.44))
    else:
        span = ngettext("%(num)s year", "%(num)s years", round(size / 365.25))
    return (
        gettext("%(span)s ahead of the server’s clock", span=span)
        if gap > 0
        else gettext("%(span)s behind the server’s clock", span=span)
    )


def told_day(text: str) -> str:
    """A day as a refused record tells it; what is none stays as it came."""
    try:
        return day(date.fromisoformat(text), weekday=True)
    except ValueError:
        return text


def days(first: date, last: date) -> str:
    """A span of days, written once where it is one day."""
    return day(first, weekday=True) if first == last else f"{day(first)} – {day(last)}"


def moment(value: datetime | None) -> Markup | str:
    """An instant as a ``<time>`` in local time, to the minute."""
    if value is None:
        return "—"
    local = value.astimezone(LOCAL)
    return Markup('<time datetime="{}">{} {}</time>').format(
        local.isoformat(timespec="seconds"), day(local.date()), f"{local:%H:%M}"
    )


def closing(value: datetime | None) -> Markup | str:
    """The last minute before a line closes: midnight belongs to the day that ends there."""
    if value is None:
        return "—"
    local = value.astimezone(LOCAL)
    text = closing_text(value, language(), year=(local - MINUTE).year != datetime.now(LOCAL).year)
    return Markup('<time datetime="{}">{}</time>').format(local.isoformat(timespec="seconds"), text)


def clocked(value: datetime | None) -> str:
    """The local time of day of an instant."""
    return "—" if value is None else f"{value.astimezone(LOCAL):%H:%M}"


def percent(share: float | None, places: int = 0) -> str:
    """A share of 1 as percent. Never rounds up to 100 % or down to 0 % what is not quite so."""
    if share is None:
        return "—"
    text = f"{share * 100:.{places}f}"
    if (share < 1 and float(text) == 100) or (share > 0 and float(text) == 0):
        text = f"{share * 100:.1f}" if places == 0 else text
        text = {"100.0": "99.9", "0.0": "0.1"}.get(text, text)
    return f"{text}%"


def figure(value: int | None) -> str:
    """A count with its thousands apart; an unknown one is a question mark, never a zero."""
    return "?" if value is None else f"{value:,}"
