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
SERVICES = {"delivery": _("Delivery"), "counter": _("Counter"), "financial": _("Financial")}
OPERATORS = {"own": _("Run by the post itself"), "agency": _("Agency outlet")}
BUREAUS = {"delivery": _("Delivery bureau"), "counter": _("Counter bureau"), "none": _("County office")}
REVEALS = {"after": _("After the routes are back"), "before": _("Before delivery (announced)")}
ROLES = {
    "carrier": _("Carrier"),
    "team_lead": _("Team lead"),
    "inspector": _("Inspector"),
    "director": _("Director"),
    "county_manager": _("County manager"),
    "league_inspector": _("League inspector"),
    "region_supervisor": _("Region supervisor"),
    "campaign_inspector": _("Inspector of a special check"),
    "admin": _("Administrator"),
}
CHANNELS = {"mail": _("Mail"), "wecom": _("WeCom"), "dingtalk": _("DingTalk"), "calendar": _("Calendar feed")}
METHODS = {
    "on-site": _("On site"),
    "open": _("Announced call"),
    "covert": _("Covert call"),
    "unannounced": _("Unannounced"),
    "recording": _("From recordings"),
    "system": _("Sampled in the system"),
    "records": _("From forms and records"),
    "call": _("Call on the addressee"),
}
POINT_KINDS = {
    "mail-room": _("Mail room"),
    "property": _("Property office"),
    "village": _("Village station"),
}
AGREEMENTS = {"none": _("No agreement"), "oral": _("Oral"), "written": _("Written")}
POINT_FIELDS = {
    "name": _("Name of the point"),
    "kind": _("Kind"),
    "address": _("Address"),
    "keeper": _("Keeper"),
    "contact": _("Contact"),
    "route": _("Route"),
    "agreement": _("Agreement"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "photo": _("Photo"),
    "note": _("Note"),
}
POINT_OPS = {
    "open": _("Entered"),
    "change": _("Changed"),
    "confirm": _("Confirmed"),
    "close": _("Taken out of use"),
    "reopen": _("Taken into use again"),
}
ALIKE = {
    "name": _("the same name"),
    "near": _("the same kind within 30 m"),
    "keeper": _("the same keeper and contact"),
}
MEASURES = {
    "items": _("items"),
    "sessions": _("sessions"),
    "points": _("points"),
    "records": _("records"),
    "departments": _("departments"),
    "counties": _("counties"),
    "leagues": _("leagues"),
    "parts": _("parts"),
    "documents": _("documents"),
}
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
VERDICTS = {"pass": _("Passed"), "fail": _("Failed")}
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
# Why a photo will not come, by the phone's own word.
LOSSES = {
    "gone": _("no longer on the phone"),
    "damaged": _("damaged on the phone"),
    "refused": _("the server could not take it"),
}
PERIODS = {
    "day": _("Every delivery day"),
    "week": _("Every week"),
    "month": _("Every month"),
    "quarter": _("Every quarter"),
    "half-year": _("Every half-year"),
    "year": _("Every year"),
    "set": _("As the unit sets it"),
}
# What an override can change of a duty.
NUMBERS = {
    "percent": _("Share in percent"),
    "size": _("How many"),
    "sessions": _("How many times"),
    "days": _("Days at most"),
}
WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
RULE_TABLES = {
    "duties": _("Duty"),
    "kinds": _("Kind of record"),
    "readings": _("Reading"),
    "populations": _("Who is covered"),
    "classes": _("Class of mail"),
}
# What to do about a refused record, by the code of its problem.
REFUSAL_ADVICE = {
    "role-not-held": _(
        "If the person did hold the role that day, the county manager corrects it; then record it anew."
    ),
    "unknown-unit": _(
        "If the person does work there, the county manager gives the role; then record it anew."
    ),
    "unit-closed": _(
        "See on which day it was done; if the unit was at work, the county manager corrects its dates."
    ),
    "wrong-clock": _("The phone's clock must be set right first; then enter it again."),
    "server-error": _("The server failed over this record and kept it. Tell whoever runs the server."),
    "own-delivery": _("Somebody else must check these items."),
    "not-drawn": _("See on the list who delivered these items; whoever did takes the photos."),
    "unknown-point": _(
        "Enter the point in the register, or see whose route it is; then record the visit anew."
    ),
    "photo-needed": _("Record it anew, with the photo."),
    "position-needed": _("Record it anew, with the position or the reason why there is none."),
    "already-judged": _("Only the county manager can withdraw it, on the page of the record."),
    "not-amendable": _("Its author corrects it; anybody else makes a record of their own."),
    "not-led": _("The author sends it from an own phone, or whoever leads that unit brings the file."),
    "author-only": _("The author sends it from an own phone, or brings the own file."),
    "foreign-id": _(
        "Nothing is lost: the first record under this number is in force. Record it anew if it differs."
    ),
    "bad-digest": _("The phone sends it again by itself; nothing needs doing."),
}
