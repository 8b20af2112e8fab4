"""A refused form, shown again: what was typed, and beside each field what is wrong with it."""

from collections.abc import Callable

from flask import flash, g, render_template, request
from flask_babel import lazy_gettext as _
from marshmallow import Schema

from webapp.core.database import transaction
from webapp.core.problems import Problem
from webapp.org import schemas
from webapp.web.access import actor, now
from webapp.web.language import language

# What the schemas and operations of `org` say of a field.
REASONS = {
    "empty": _("Please fill this in."),
    "choice": _("Please choose one of the list."),
    "day": _("Please give a day."),
    "login": _("2 to 40 letters, digits, dots, dashes or underscores."),
    "characters": _("There is a character in it that cannot be used."),
    "long": _("That is too long."),
    "taken": _("This login name is taken."),
    "early": _("That day is too early: at most 30 days back, and not before the unit or the role began."),
    "over": _("This role ended more than 30 days ago; give it anew."),
    "closed": _("This unit is closed on that day."),
    "before": _("The last day is before the first."),
    "overlap": _("This role is already held there in that time."),
    "level": _("This role does not exist at a unit of that level."),
    "rank": _("Nobody grants a role above the own."),
    "weak": _("At least 8 characters, not a common password, and not made of the login or name."),
    "common": _(
        "This is among the passwords that are tried first: common ones, names, birthdays, telephone numbers, rows of keys. Choose another."
    ),
    "moved": _("The line has moved since this page was opened. Please look at it again, then sign."),
    "wrong": _("That is not the present password."),
    "differs": _("The two passwords differ."),
    "past": _("That day is past."),
    "number": _("A whole number that makes sense here."),
    "same": _("This is what binds already; ask for more."),
    "unknown": _("This duty has no such number."),
    "ended": _("It ends earlier already."),
    "unopened": _("The unit was not open yet on that day."),
    "unit-code": _("2 to 20 letters, digits or dashes."),
    "unit-taken": _("A unit with this code exists already."),
    "no-unit-below": _("There is no unit below a department."),
    "departments-only": _("That is for departments only."),
    "counties-only": _("That is for county-level units only."),
    "service-already": _("The department offers it already."),
    "service-never": _("The department does not offer it."),
    "last-service": _(
        "It would be left without any service. Enter another one first, or close the department."
    ),
    "far": _("That day is more than a year ahead."),
    "not-ahead": _("That day is still to come."),
    "no-change": _("The department is that already."),
    "not-closed": _("It is not closed."),
    "before-closing": _("That day is too early: at most 30 days back, and not before the closing."),
    "parent-closed": _("Reopen the unit above first."),
    "units-below": _("Close the units below first."),
    "route-taken": _("This department has a route with this number already."),
    "closed-route": _("This route is closed."),
    "no-carrier": _("No carrier of this department has this login name on that day."),
    "rounded": _("A spreadsheet has rounded this number: make its column text and export it again."),
    "negative": _("This is a negative number."),
    "code": _("This code does not exist, was used, or has expired."),
    "mail": _("One plain mail address, such as name@example.cn."),
    "webhook": _("This is no webhook address of that service: copy it whole from the group’s settings."),
    "webhook-host": _("This address leads to another host than that service’s own."),
    "webhook-taken": _("This robot is entered already, here or at another unit."),
}


def beside(problem: Problem | None) -> dict[str, str]:
    """The sentence beside each field at fault."""
    fields = problem.fields if problem else {}
    return {name: str(REASONS.get(reason, reason)) for name, reason in fields.items()}


def again(template: str, problem: Problem | None = None, **values):
    """The page, with ``form`` (what was typed), ``errors`` by field, and ``fault`` where no field is to blame."""
    g.problem = problem  # for the events (desk.accounts.recorder)
    fault = problem.message(language()) if problem and not problem.fields else None
    page = render_template(template, form=request.form, errors=beside(problem), fault=fault, **values)
    return page, problem.entry.status if problem else 200


def entered(schema: Schema, work: Callable, said: str, refused: Callable[[Problem], object], back: Callable):
    """Read the form, do the work in one transaction, say so and go ``back``; what is wrong goes to ``refused``.

    ``work`` gets the form, then the session, the actor and now.
    """
    try:
        form = schemas.read(schema, request.form)
        with transaction() as session:
            work(form, session, actor(), now())
    except Problem as problem:
        return refused(problem)
    flash(said, "ok")
    return back()
