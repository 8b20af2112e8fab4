"""What pages about special checks say: states, and what is wrong with a field."""

from flask_babel import lazy_gettext as _

STATES = {
    "open": ("calendar", "", _("To come")),
    "running": ("half", "chip-warn", _("Under way")),
    "summarised": ("check", "chip-ok", _("Summed up")),
    "cancelled": ("minus", "chip-quiet", _("Cancelled")),
}
OPS = {
    "enter": _("Entered"),
    "change": _("Changed"),
    "cancel": _("Cancelled"),
    "summarise": _("Summed up"),
}
# By field and reason, then by reason alone; what stands nowhere is shown as it comes.
_REASONS = {
    ("units", "empty"): _("Choose at least one unit."),
    ("units", "choice"): _("That is no unit below."),
    ("units", "inside"): _("One of the chosen units lies inside another: choose one of the two."),
    ("units", "closed"): _("One of the chosen units is closed on all days of the plan."),
    ("last_day", "before"): _("The last day is before the first."),
    ("last_day", "far"): _("A special check lasts at most 92 days."),
    ("report_day", "before"): _("The report comes after the last day of the check."),
    ("report_day", "far"): _("The report comes at most 92 days after the last day."),
    ("report_day", "early"): _("That is too long ago: the plan would count for nothing."),
    ("person", "stranger"): _("Nobody who works here or below has this login name on these days."),
    ("person", "twice"): _("This person is named for this unit on these days already."),
    ("unit", "own"): _("Nobody checks the own: this unit lies where the person works."),
    ("unit", "choice"): _("That is no unit of the plan."),
    ("first_day", "outside"): _("That is not one of the plan's days."),
    ("last_day", "outside"): _("That is not one of the plan's days."),
    ("first_day", "early"): _("At most 30 days back."),
    ("issued", "early"): _("At most 31 days back, and not before the check began."),
    ("issued", "future"): _("That day is still to come."),
    "empty": _("Please fill this in."),
    "long": _("That is too long."),
    "number": _("A whole number that makes sense here."),
    "choice": _("Please choose one of the list."),
    "same": _("Nothing is different."),
}
# What is no day at all, and whatever else a form of ours does not bring.
_OTHERWISE = dict.fromkeys(("first_day", "last_day", "report_day", "issued"), _("Please give a day."))
_UNCLEAR = _("Please look at this again.")


def beside(fields: dict[str, str]) -> dict[str, str]:
    """The sentence beside each field: ``units[3]`` stands at ``units``, ``team[0].person`` at ``person``."""
    found: dict[str, str] = {}
    for place, reason in fields.items():
        name = place.rpartition(".")[2].partition("[")[0]
        said = _REASONS.get((name, reason)) or _REASONS.get(reason) or _OTHERWISE.get(name, _UNCLEAR)
        found.setdefault(name, str(said))
    return found
