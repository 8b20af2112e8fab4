"""The human labels of stored keys. The label is translated, the key never."""

from flask_babel import lazy_gettext as _

STATUS = {
    "met": _("Met"),
    "partial": _("Under way"),
    "due": _("Due"),
    "missed": _("Missed"),
    "unknown": _("Undecided"),
    "not-applicable": _("Not applicable"),
}
LEVELS = {"region": _("Region"), "league": _("League"), "county": _("County"), "department": _("Department")}
SETTINGS = {"city": _("City"), "rural": _("Rural")}
ROLES = {
    "carrier": _("Carrier"),
    "team_lead": _("Team lead"),
    "inspector": _("Inspector"),
    "director": _("Director"),
    "county_manager": _("County manager"),
    "league_inspector": _("League inspector"),
    "region_supervisor": _("Region supervisor"),
    "admin": _("Administrator"),
}
METHODS = {
    "on-site": _("On site"),
    "open": _("Announced call"),
    "covert": _("Covert call"),
    "unannounced": _("Unannounced"),
    "recording": _("From recordings"),
    "system": _("Sampled in the system"),
    "records": _("From forms and records"),
}
MEASURES = {"items": _("items"), "sessions": _("sessions"), "points": _("points"), "records": _("records")}
STATES = {
    "in-force": _("In force"),
    "superseded": _("Corrected"),
    "withdrawn": _("Withdrawn"),
    "held": _("Waits for a decision"),
    "waiting": _("Waits for what it corrects"),
}
HOLDS = {
    "clock": _("The phone's clock was wrong: the day must be confirmed"),
    "role": _("The role had ended more than 30 days before"),
}
WARNINGS = {
    "check-digit": _("check digit wrong"),
    "strange": _("unusual number"),
    "repeat": _("already checked this month"),
}
POSITIONS = {
    "given": _("position given"),
    "refused": _("no position: not allowed on the phone"),
    "no-signal": _("no position: no signal from satellites"),
    "no-device": _("no position: the phone cannot tell it"),
    "other": _("no position: another reason"),
}
