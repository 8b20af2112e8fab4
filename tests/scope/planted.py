"""Holes planted in the product, one guard each: the table must notice every one of them.

Each names the routes whose rows notice it (``route # name``: one of them); ``python -m tests.scope`` asks the whole table instead.
"""

from tests.scope.mutating import Cut, Grant

_LEDGER, _PULL, _FIND = "GET /ledger", "GET /api/sync/pull", "GET /find"
_PUSH, _ATTENTION = "POST /api/sync/push", "GET /attention"
_LIST, _POINT, _UNIT = "GET /manifests/<manifest_id>", "GET /points/<point_id>", "GET /units/<code>"
_PERSON, _PHOTO, _THUMBNAIL = (
    "GET /people/<person_id>",
    "GET /api/photos/<digest>",
    "GET /api/photos/<digest>/thumbnail",
)
_BRING = "POST /rescue/import"
_CONFLICT = "POST /attention/conflicts/<fact_id>/<digest>"


def _cut(where: str, before: str, after: str, *routes: str) -> Cut:
    return Cut(where, before, after, routes)


HOLES: dict[str, Cut | Grant] = {
    # --- who may do what where: the one place
    "a role that ended goes on": _cut(
        "org.rules:Grant.holds", " and (self.last_day is None or day <= self.last_day)", "", _LEDGER
    ),
    "a grant reaches the units beside": _cut(
        "org.rules:Grant.reaches", "path.startswith(self.path)", "path.startswith(self.path[:15])", _LEDGER
    ),
    "a grant reaches the other county": _cut(
        "org.rules:Grant.reaches", "path.startswith(self.path)", "path.startswith(self.path[:9])", _LEDGER
    ),
    "every role may do everything": _cut("org.rules:Actor.can", "grant.role in needed and ", "", _LEDGER),
    "a reach is of every role": _cut("org.rules:Actor.reach", " if grant.role in needed", "", _FIND),
    "a reach is of past roles": _cut("org.rules:Actor.reach", "self.current", "self.grants", _FIND),
    "whoever was there sees the unit": _cut("org.rules:Actor.sees", "self.current", "self.grants", _UNIT),
    "the team lead sees lists": Grant("see-lists", "team_lead", (_LIST,)),
    "the inspector keeps lists": Grant("keep-lists", "inspector", ("POST /manifests/<manifest_id>/seal",)),
    "the inspector sees people": Grant("see-people", "inspector", ("GET /people",)),
    "a director keeps people": Grant("keep-people", "director", ("POST /people/<person_id>/name",)),
    "a carrier sees the register": Grant("see-register", "carrier", ("GET /points",)),
    "a director lays down rules": Grant("keep-rules", "director", ("POST /rules/override",)),
    "a director has the morning of those above": Grant("oversee", "director", ("GET /morning",)),
    "whoever oversees a unit presses it": _cut(
        "org.rules:Actor.presses", 'self.can("oversee", above)', "True", "POST /morning/press # own unit"
    ),
    "whoever sees a month signs it": _cut(
        "signing.rules:capacity",
        "if role in me.roles_at(name.code, me.today):",
        "if True:",
        "POST /signing/<unit>/<month>/sign",
    ),
    "whoever sees a month disputes it": _cut(
        "recording.month_signing:_must_head",
        "HEADS[unit.level] not in me.roles_at(unit.code, me.today)",
        "False",
        "POST /signing/<unit>/<month>/dispute",
        "POST /signing/<unit>/grants",
    ),
    "a league decides": Grant("decide", "league_inspector", (_CONFLICT,)),
    "a unit out of sight is forbidden": _cut(
        "org.queries:unit_for", "if not actor.sees(unit.path):", "if False:", "GET /calendar"
    ),
    "a unit in sight may be worked on": _cut(
        "org.queries:unit_for", "action and not actor.can(action, unit.path)", "False", "GET /problems"
    ),
    # --- who is signed in
    "an ended session goes on": _cut("org.devices:session_of", " or device.revoked_at", "", "GET /devices"),
    "a deactivated person goes on": _cut(
        "org.devices:session_of", " or not device.person.active", "", "GET /devices"
    ),
    "a temporary password opens the API": _cut(
        "sync.guard:guard", "if current_user.temporary:", "if False:", _PULL
    ),
    "a temporary password opens the desk": _cut(
        "desk.accounts.gate:_gate", "if current_user.temporary:", "if False:", _LEDGER
    ),
    "who must set up a second factor need not": _cut(
        "desk.accounts.gate:_gate",
        "request.endpoint not in OPEN_TO_SET_UP and second_factors.is_missing(db.session, actor())",
        "False",
        f"{_LEDGER} # second factor",
    ),
    "a required second factor is removed": _cut(
        "org.second_factors:take_off",
        "is_required(session, actor)",
        "False",
        "POST /account/second-factor/remove # required",
    ),
    "anybody has a second factor": _cut(
        "desk.accounts.second_factor:_holder",
        "not factors.may_have(me)",
        "False",
        "GET /account/second-factor",
    ),
    "any code is the second factor": _cut(
        "org.sessions:finish_sign_in",
        "not second_factors.accepts(session, now, person.id, key, typed)",
        "False",
        "POST /login/code # code",
    ),
    "half a sign-in outlives the password": _cut(
        "org.sessions:finish_sign_in",
        " or not hmac.compare_digest(_proof(person), half.proof)",
        "",
        "POST /login/code # proof",
    ),
    "half a sign-in waits for ever": _cut(
        "desk.accounts.login:_half_way",
        " or now().timestamp() - at > HALF_SECONDS",
        "",
        "GET /login/code # late",
    ),
    "an old entry of the password is enough": _cut(
        "desk.accounts.proving:is_proved",
        "is_recent(db.session, me.device_id, now(), password_age())",
        "True",
        "POST /devices/<device_id>/revoke # unproved",
    ),
    "forms of any number of fields": _cut(
        "web.bodies:check", 'request.get_data().count(b"&") >= FIELDS', "False", "POST /language # fields"
    ),
    "another person's store is served": _cut("sync.guard:guard", "!= me.person_id", "== ''", _PULL),
    # --- which unit a page is about
    "a page of any action": _cut(
        "desk.unit_and_period:chosen_unit",
        "unit_for(db.session, me, code, action)",
        "unit_for(db.session, me, code)",
        "GET /problems",
    ),
    "a page of any department": _cut(
        "desk.department_and_day:chosen_department",
        "unit_for(db.session, me, code, action)",
        "db.session.get(Unit, code)",
        "GET /volumes",
    ),
    "any list": _cut(
        "desk.department_and_day:list_in_sight",
        "unit_for(db.session, me, manifest.unit_code, action)",
        "db.session.get(Unit, manifest.unit_code)",
        _LIST,
    ),
    "neighbours of any county": _cut(
        "desk.department_and_day:neighbours", "if me.can(action, other.path)", "", "GET /manifests"
    ),
    "everything lies below": _cut(
        "org.queries:within",
        "Unit.path.startswith(path, autoescape=True)",
        "Unit.path.startswith('/')",
        _PULL,
    ),
    # --- people and devices
    "anybody's page": _cut("org.queries:person_for", "not roles_in_sight(actor, person)", "False", _PERSON),
    "roles in other counties": _cut(
        "org.queries:roles_in_sight", 'if actor.can("see-people", role.unit.path)', "", _PERSON
    ),
    "roles elsewhere do not count": _cut(
        "org.queries:answers_for",
        "for role in ahead or posts",
        "for role in posts if actor.sees(role.unit.path)",
        "POST /people/<person_id>/password",
    ),
    "people of everywhere": _cut(
        "org.queries:people_in", 'list(actor.reach("see-people"))', '["/"]', "GET /people"
    ),
    "anybody's role is ended": _cut(
        "org.operations:end_role",
        "next((role for role in queries.roles_in_sight(actor, person) if role.id == role_id), None)",
        "session.get(Role, role_id)",
        "POST /people/<person_id>/roles/<role_id>/end",
    ),
    "roles are given by whoever sees": _cut(
        "org.operations:_must_keep",
        'not actor.can("keep-people", unit.path)',
        "False",
        "POST /people/<person_id>/roles",
    ),
    "a role in a unit out of sight": _cut(
        "org.operations:_add_role", " or not actor.sees(unit.path)", "", "POST /people/<person_id>/roles"
    ),
    "anybody's device is signed out": _cut(
        "org.operations:revoke_device",
        '_answered_for(session, actor, device.person_id, "enrol")',
        "pass",
        "POST /devices/<device_id>/revoke",
    ),
    "anybody's devices are listed": _cut(
        "org.queries:devices_of", ".where(Device.person_id == person_id)", "", "GET /devices"
    ),
    # --- units and routes
    "everybody keeps the own unit": _cut(
        "org.units:keeps", "(grant.role == ADMIN or grant.path != path)", "True", "POST /units/<code>/details"
    ),
    "whoever sees a unit keeps it": _cut(
        "org.units:unit_to_keep", "not keeps(actor, unit.path)", "False", "POST /units/<code>/close"
    ),
    "a route of any unit": _cut(
        "org.units:route_of",
        " or route.unit_code != unit.code",
        "",
        "POST /units/<code>/routes/<route_id>/close",
    ),
    "a unit below any other": _cut(
        "desk.staff.units:add",
        '{**request.form.to_dict(), "parent": above.code}',
        '{"parent": above.code, **request.form.to_dict()}',
        "POST /units",
    ),
    "anybody brings units": _cut(
        "desk.staff.unit_files:_keeper", 'not me.reach("keep-units")', "False", "GET /units/import"
    ),
    # --- lists and draws
    "another person's preview": _cut(
        "desk.files.waiting:waited", "person != me.person_id", "False", "POST /manifests/import/confirm"
    ),
    "a preview of another department": _cut(
        "desk.lists.list_files:confirm",
        'unit_for(session, me, code, "keep-lists")',
        "session.get(Unit, code)",
        "POST /manifests/import/confirm",
    ),
    "a file that waits of another department": _cut(
        "desk.lists.list_files:preview",
        'unit_for(db.session, me, code, "keep-lists")',
        "db.session.get(Unit, code)",
        "POST /manifests/import # brought",
    ),
    "draws that are not revealed": _cut(
        "sampling.recent_lists:_heads",
        "Manifest.revealed_at.is_not(None)",
        "Manifest.sealed_at.is_not(None)",
        _PULL,
    ),
    "another carrier's draws": _cut(
        "sync.records:draws", "if mine or head.unit_code not in alone:", "if True:", _PULL
    ),
    "a photo of another carrier's draw": _cut(
        "sampling.queries:capturable",
        "if row.delivered_by == person_id or ",
        "if True or ",
        f"{_PUSH} # draw of another route",
    ),
    "a route of any unit is handed over": _cut(
        "sampling.handovers:_guard",
        " or route.unit_code != unit.code",
        "",
        "POST /manifests/<manifest_id>/handover",
    ),
    "handed over to anybody": _cut(
        "sampling.handovers:_guard",
        'data["to"] not in workers_on(session, unit.code, data["about"])',
        "False",
        "POST /manifests/<manifest_id>/handover",
    ),
    "volumes by whoever works there": _cut(
        "recording.facts.lists:guard",
        'not context.actor.can("keep-lists", unit.path)',
        "False",
        f"{_PUSH} # volume",
    ),
    # --- the register
    "any relay point": _cut(
        "desk.register.points:in_sight",
        "unit_for(db.session, me, point.unit_code, action)",
        "db.session.get(Unit, point.unit_code)",
        _POINT,
    ),
    "a point of another unit is led to": _cut(
        "desk.register.point_forms:_is_here",
        " and point.unit_code == unit.code",
        "",
        "POST /points/new",
    ),
    "the register is exported to whoever works": _cut(
        "desk.register.point_files:export", '"see-register"', '"work"', "GET /points/export.csv"
    ),
    "a preview of another register": _cut(
        "desk.register.point_files:confirm",
        'unit_for(session, me, code, "keep-register")',
        "session.get(Unit, code)",
        "POST /points/import/confirm",
    ),
    "a point of any unit is changed": _cut(
        "registers.operations:check", " or point.unit_code != unit.code", "", f"{_PUSH} # point elsewhere"
    ),
    "another carrier's points": _cut(
        "sync.sections:points",
        "if not working.carries_alone(here) or point.route_id in _walked(working, here)",
        "",
        _PULL,
    ),
    # --- photos
    "any photo": _cut("sync.photos:_send", "not may_see(db.session, me, digest)", "False", _PHOTO),
    "any photo's thumbnail": _cut(
        "sync.photos:_send", "not may_see(db.session, me, digest)", "False", _THUMBNAIL
    ),
    "any voice note": _cut("sync.photos:_send", "not may_hear(db.session, me, digest)", "False", _PHOTO),
    "a voice note of any inspection": _cut(
        "inspections.voices:may_hear",
        """
        .where((PhotoRef.author_id == me.person_id) | within(me.reach("see-inspections")))""",
        "",
        _PHOTO,
    ),
    "a photo of any inspection": _cut(
        "photos.queries:may_see",
        "and_(PhotoRef.source.in_((RECORD, CASE)), record)",
        "PhotoRef.source.in_((RECORD, CASE))",
        _THUMBNAIL,
    ),
    "a photo of any register": _cut(
        "photos.queries:may_see",
        "and_(PhotoRef.source == POINT, point)",
        "PhotoRef.source == POINT",
        _PHOTO,
    ),
    "a photo that the record's author never sent": _cut(
        "photos.queries:may_see",
        ".join(PhotoSender, sent_by(PhotoRef.author_id, PhotoRef.digest))",
        "",
        _PHOTO,
    ),
    "a photo that the register's author never sent": _cut(
        "photos.queries:may_see",
        ".join(PhotoSender, sent_by(PhotoRef.author_id, PhotoRef.digest))",
        "",
        _THUMBNAIL,
    ),
    # --- queues that come as files
    "anybody's queue is brought": _cut(
        "recording.rescue:may_bring", "person.id == actor.person_id or any(", "True or any(", "POST /rescue"
    ),
    "records of units that the bringer does not lead": _cut(
        "recording.bringing:_led",
        "unit is None or not leads(context.bringer, unit.path, held)",
        "False",
        f"{_BRING} # not led",
    ),
    "records of the desk by another hand": _cut(
        "recording.bringing:check",
        "not FACT_TYPES[entry.type].by_another_hand",
        "False",
        f"{_BRING} # author only",
    ),
    "a photo that the bringer has never seen": _cut(
        "recording.bringing:check",
        "named_in([entry.open_text]) & context.unseen",
        "False",
        f"{_BRING} # photo",
    ),
    "another hand changes what the author sent": _cut(
        "recording.bringing:_changeable",
        "not own or target.brought_by is None or judged(context.session, [target])",
        "False",
        f"{_BRING} # withdrawn",
    ),
    # --- events and searches
    "events of everywhere": _cut(
        "org.events:_sight", " if path.startswith(reach)} if reach else set()", "}", "GET /events"
    ),
    "strangers' doings for everybody": _cut("org.events:_sight", "return top and ", "return ", "GET /events"),
    "events of anybody by the id": _cut(
        "desk.accounts.events:_wanted",
        "queries.person_for(db.session, actor(), person).id",
        "person",
        "GET /events # person",
    ),
    "a director sees events": Grant("see-events", "director", ("GET /events",)),
    "another person's searches": _cut(
        "desk.searches:_kept", "whose == actor().person_id", "True", f"{_FIND} # another's"
    ),
    "a search in any unit's register": _cut(
        "desk.register.points:search", 'chosen_department(actor(), "see-register")', "actor()", "POST /points"
    ),
    "a search for people by anybody": _cut(
        "desk.staff.people:search", "_unit(_reader())", "actor()", "POST /people"
    ),
    # --- facts from phones
    "another past of any unit's journal": _cut(
        "sync.push:_differing",
        "{unit.code for unit in working_units(me)} & set(rewound)",
        "rewound",
        f"{_PUSH} # another past",
    ),
    "a fact about any unit": _cut(
        "recording.guards:units_of",
        " or not about.path.startswith(acting.path)",
        "",
        f"{_PUSH} # check elsewhere",
    ),
    "acting for any unit": _cut(
        "recording.guards:units_of",
        " and any(grant.unit_code == acting.code for grant in context.actor.grants)",
        "",
        f"{_PUSH} # check",
    ),
    "any role will do": _cut(
        "recording.guards:_roles", "if not fitting:", "if not held:", f"{_PUSH} # check"
    ),
    "a visit of another carrier's point": _cut(
        "recording.guards:_points", " if route in mine", "", f"{_PUSH} # visit on another route"
    ),
    "a photo of what was not drawn": _cut(
        "recording.guards:_drawn", " if number not in open_to", " if False", f"{_PUSH} # draw elsewhere"
    ),
    "anybody's record is corrected": _cut(
        "recording.facts.inspection:check_amendment", "if same != (", "if () == (", f"{_PUSH} # correction"
    ),
    "anybody's record is withdrawn": _cut(
        "recording.facts.withdrawal:check",
        "target.author_id != context.actor.person_id",
        "False",
        f"{_PUSH} # withdrawal",
    ),
    "a record of another unit is withdrawn": _cut(
        "recording.facts.withdrawal:check",
        " or target.unit_code != entry.unit",
        "",
        f"{_PUSH} # withdrawal elsewhere",
    ),
    "a held record is confirmed by anybody": _cut(
        "recording.facts.confirmation:check",
        "not guards.may_confirm(context.actor, target, unit)",
        "False",
        f"{_PUSH} # confirmation",
    ),
    "anybody's number": _cut(
        "recording.operations:_again",
        "first.author_id != context.actor.person_id",
        "False",
        f"{_PUSH} # number",
    ),
    "anybody's photo is lost": _cut(
        "photos.operations:_named", "PhotoRef.author_id == author_id, ", "", f"{_PUSH} # lost photo"
    ),
    "any journal's head": _cut(
        "sync.push:_whose_heads", "return known | {", "return known | others | {", f"{_PUSH} # heads"
    ),
    # --- what a phone is given
    "a past department's working set": _cut("sync.pull:working_units", "me.current", "me.grants", _PULL),
    "others' records": _cut(
        "sync.working:Working.mine", "Fact.author_id == self.actor.person_id, ", "", _PULL
    ),
    "problems for carriers": _cut(
        "sync.duty_sections:problems",
        'working.where("see-inspections")',
        "working.units",
        _PULL,
    ),
    "choices for carriers": _cut(
        "sync.duty_sections:watch",
        'working.where("see-inspections")',
        "working.units",
        _PULL,
    ),
    "the ledger of any action": _cut("sync.ledger:Ledger.get", ', "see-ledger")', ")", "GET /api/ledger"),
    # --- what pages hold
    "everything is found": _cut(
        "inquiries.finding:_within",
        "{path for action in actions for path in actor.reach(action)}",
        '{"/"}',
        _FIND,
    ),
    "any list is found": _cut("inquiries.finding:_lists", '_within(actor, "see-lists"), ', "", _FIND),
    "anybody is found": _cut("inquiries.finding:_people", '_within(actor, "see-people"), ', "", _FIND),
    "any check is found": _cut("inquiries.finding:_checks", '_within(actor, "see-inspections"), ', "", _FIND),
    "any work order is found": _cut(
        "inquiries.finding:_cases",
        'or_(_within(actor, "see-inspections"), Case.owner_id == actor.person_id)',
        "Case.id == Case.id",
        "POST /find/quick # others' orders",
    ),
    "anything is found while one types": _cut(
        "inquiries.finding:_within",
        "{path for action in actions for path in actor.reach(action)}",
        '{"/"}',
        "POST /find/quick # others' tails",
    ),
    "held records of everywhere": _cut("inquiries.attention:_held", "within([unit.path]), ", "", _ATTENTION),
    "second contents of everywhere": _cut(
        "inquiries.attention:_conflicts", "within([unit.path]), ", "", _ATTENTION
    ),
    "refusals of everywhere": _cut(
        "inquiries.attention:_refusals", ".where(within([unit.path]))", "", _ATTENTION
    ),
    "lost photos of everywhere": _cut("inquiries.attention:_lost", "within([unit.path]), ", "", _ATTENTION),
    "points of any unit by their ids": _cut(
        "desk.records.contents:_known", " and row.unit_code == unit", "", _ATTENTION
    ),
    "people of any unit by their ids": _cut(
        "desk.records.contents:_workers",
        "(unit, person) in ahead.workers",
        "person in dict(ahead.workers).values()",
        _ATTENTION,
    ),
    "what waits is decided on by whoever knows it": _cut(
        "desk.records.attention:_must_see",
        'not (me.can("see-inspections", unit.path) or fact.author_id == me.person_id)',
        "False",
        _CONFLICT,
    ),
    "second contents are decided by whoever sees them": _cut(
        "recording.conflicts:_check", 'not context.actor.can("decide", unit.path)', "False", _CONFLICT
    ),
    "any inspection": _cut(
        "desk.records.inspections:_in_sight",
        'me.can("see-inspections", found.unit.path) or found.author_id == me.person_id',
        "True",
        "GET /inspections/<inspection_id>",
    ),
    "figures of everywhere": _cut(
        "cases.monthly:_units", ".where(Unit.parent_code == unit.code)", "", "GET /cases/figures"
    ),
    "figures for whoever sees the unit": _cut(
        "desk.cases.figures:_asked", '"see-ledger"', '"see-rules"', "GET /cases/figures"
    ),
    "cases of everywhere": _cut(
        "cases.filters:_of_unit",
        "{unit.level: seen(COLUMNS[unit.level]) == unit.code}",
        "{}",
        "GET /cases",
    ),
    "a carrier's list holds everybody's": _cut(
        "desk.cases.asked:asked", "filters.but(owner=me.person_id)", "filters", "GET /cases"
    ),
    "any case": _cut(
        "desk.cases.show:in_sight",
        "me.can(SEES, unit.path) or story.is_part(db.session, case, me.person_id)",
        "True",
        "GET /cases/<case_id>",
    ),
    "cases of everywhere are chosen": _cut(
        "desk.cases.issuing:chosen",
        ', within(reader.actor.reach("see-inspections"))',
        "",
        "GET /cases/assign",
    ),
    "anybody's assignment is undone": _cut(
        "desk.cases.bulk:undo", ", CaseMove.author_id == me.person_id", "", "POST /cases/assign/undo"
    ),
    "orders for any unit": _cut(
        "desk.cases.orders:_issuer",
        'if code in (None, "", one.unit_code)',
        "",
        "POST /cases/orders",
    ),
    "anybody's view is deleted": _cut(
        "desk.cases.views:delete",
        " or view.person_id != me.person_id",
        "",
        "POST /cases/views/<view_id>/delete",
    ),
    "phones of everywhere": _cut("ledger.queries:phones", "below(unit), ", "", _LEDGER),
    "lines of everywhere": _cut("ledger.details:every_line", "below(unit), ", "", "GET /ledger.xlsx"),
    "rows of everywhere": _cut(
        "ledger.queries:children", ".where(Unit.parent_code == unit.code)", "", _LEDGER
    ),
    # --- rules and calendars
    "stricter rules of everywhere": _cut(
        "desk.rules.duties:_history",
        "query = query.where(models.Override.unit_code.in_(codes))",
        "query = query",
        "GET /rules",
    ),
    "any stricter rule ends": _cut(
        "desk.rules.duties:end_override",
        'unit_for(db.session, me, row.unit_code, "keep-rules")',
        "db.session.get(Unit, row.unit_code)",
        "POST /rules/overrides/<override_id>/end",
    ),
    "days off of everywhere": _cut(
        "desk.rules.calendars:_rows",
        'unit.path.strip("/").split("/")',
        "list(db.session.scalars(select(Unit.code)))",
        "GET /calendar",
    ),
    "editions by whoever reads": _cut(
        "desk.rules.editions:_keeper",
        'not me.reach("keep-editions")',
        "False",
        "POST /rules/editions/take-back",
    ),
    # --- notices
    "anybody's notice is opened": _cut(
        "desk.notices.inbox:_see",
        "notice.person_id != me.person_id",
        "False",
        "POST /notices/<notice_id>/open",
    ),
    "all notices of everybody are seen": _cut(
        "notices.operations:see", "Notice.person_id == person_id, ", "", "POST /notices/seen"
    ),
    "a phone marks what others are told": _cut(
        "notices.operations:see", "Notice.person_id == person_id, ", "", f"{_PUSH} # seen"
    ),
    "everybody's notices in one inbox": _cut(
        "notices.queries:inbox", ".where(Notice.person_id == person_id)", "", "GET /notices"
    ),
    "a director keeps group robots": Grant("keep-robots", "director", ("GET /units/<code>/robots",)),
    "a robot under any unit": _cut(
        "notices.robots:robot_for",
        "robot.unit_code != unit.code or ",
        "",
        "POST /units/<code>/robots/<robot_id>/test",
    ),
    "a robot speaks to any host": _cut(
        "notices.robots:add_robot",
        'channel.webhook_fault(config, form["webhook"])',
        "None",
        "POST /units/<code>/robots # elsewhere",
    ),
    "messages of everywhere": _cut(
        "notices.queries:_in_sight", ".where(within(reach))", "", "GET /notices/queue"
    ),
    "any message is sent again": _cut(
        "notices.queue:retry_now",
        "delivery_for(session, actor, delivery_id) is None",
        "False",
        "POST /notices/queue/<delivery_id>/retry",
    ),
    "a revoked calendar goes on": _cut(
        "notices.queries:feed_by",
        ", CalendarFeed.revoked_at.is_(None)",
        "",
        "GET /calendar/<token>.ics # revoked",
    ),
    "any code proves an address": _cut(
        "notices.choices:prove_mail",
        "not hmac.compare_digest(typed.encode(), code_of(key, choice).encode())",
        "False",
        "POST /account/notices/mail/proof",
    ),
}
