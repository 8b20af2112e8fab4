"""The rows of a pull's sections and forms, as the OpenAPI document tells them (plain JSON Schema, OpenAPI 3.0).

A field that is sent and does not stand here fails tests/integration/sync/test_openapi.py.
"""

Shape = dict

TEXT, WHOLE, YES_NO, NUMBER = ({"type": one} for one in ("string", "integer", "boolean", "number"))
DAY = {"type": "string", "format": "date"}
INSTANT = {"type": "string", "format": "date-time"}
ID = {"type": "string", "format": "uuid"}
SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def or_null(shape: Shape) -> Shape:
    """The same, or null: unknown."""
    return {**shape, "nullable": True}


def several(shape: Shape) -> Shape:
    """A list."""
    return {"type": "array", "items": shape}


def by_name(shape: Shape) -> Shape:
    """An object whose keys are codes."""
    return {"type": "object", "additionalProperties": shape}


def row(optional: tuple[str, ...] = (), **properties: Shape) -> Shape:
    """An object with exactly these fields; a name that Python keeps for itself ends with an underscore."""
    fields = {name.rstrip("_"): shape for name, shape in properties.items()}
    needed = sorted(set(fields) - set(optional))
    return {"type": "object", "properties": fields, "required": needed, "additionalProperties": False}


NAMED = {"code": TEXT, "zh": TEXT, "en": TEXT}
PHOTO = row(sha256=SHA256, size=WHOLE, type=TEXT)
VOICE = row(sha256=SHA256, size=WHOLE, type=TEXT, seconds=WHOLE)
VOLUME = row(items=or_null(WHOLE), returned=or_null(WHOLE))
HEAD = or_null({"type": "array", "items": {}, "minItems": 2, "maxItems": 2, "description": "[seq, hash]"})

# Of a duty that asks who of the units below was covered: each of them, the thresholds, and what makes one count.
COVERED = row(
    unit=TEXT, name=TEXT, setting=or_null(TEXT), counts=YES_NO, left=YES_NO, done=WHOLE, required=WHOLE, zh=TEXT, en=TEXT
)  # fmt: skip
PART = row(setting=or_null(TEXT), required=WHOLE, done=WHOLE)
EACH = row(
    methods=several(TEXT), groups=several(TEXT), header=several(TEXT), items=or_null(WHOLE), points=or_null(WHOLE),
    strata=several(TEXT), daily=YES_NO, told=YES_NO,
)  # fmt: skip

# A move of a case's history, and what somebody may do with it now, for which unit.
_STEP = row(
    id=ID, move=TEXT, day=DAY, author=TEXT, unit=TEXT, text=or_null(TEXT), cause=or_null(TEXT), until=or_null(DAY),
    owner=or_null(TEXT), photos=several(PHOTO),
)  # fmt: skip
_MAY = row(move=TEXT, acting=TEXT, until=or_null(DAY), days=or_null(row(first=DAY, last=DAY)))

ROWS: dict[str, Shape] = {
    "unit": row(
        code=TEXT, name=TEXT, level=TEXT, setting=or_null(TEXT), closed=or_null(DAY), roles=several(TEXT), head=HEAD,
        above=several(TEXT), checked_for=or_null(TEXT),
        routes=several(row(id=ID, code=TEXT, name=TEXT, mine=YES_NO)),
    ),
    "points": row(
        id=ID, name=TEXT, initials=TEXT, kind=TEXT, address=or_null(TEXT), keeper=or_null(TEXT),
        contact=or_null(TEXT), note=or_null(TEXT), route=or_null(ID), agreement=TEXT, latitude=or_null(NUMBER),
        longitude=or_null(NUMBER), photo=or_null(SHA256), closed=or_null(DAY), closes=or_null(DAY),
        checked=or_null(DAY), confirmed=or_null(DAY),
    ),
    "draws": row(
        manifest=ID, day=DAY, announced=YES_NO,
        items=several(
            row(
                number=TEXT, class_=TEXT, route=or_null(TEXT), tag=or_null(TEXT), name=or_null(TEXT), rank=WHOLE,
                mine=YES_NO, captured=YES_NO, judged=YES_NO,
            )
        ),
    ),
    "captures": row(
        id=ID, day=DAY, author=row(id=ID, name=TEXT),
        items=several(row(subject=TEXT, class_=or_null(TEXT), photos=several(PHOTO), voice=or_null(VOICE))),
    ),
    "checked": row(kind=TEXT, subject=TEXT, day=DAY),
    "records": row(
        id=ID, type=TEXT, kind=TEXT, acting=TEXT, day=DAY, items=WHOLE, state=TEXT, held=or_null(TEXT),
        days=or_null(row(first=or_null(DAY), last=DAY)),
        photos_missing=several(SHA256), conflict=YES_NO, judged=YES_NO, amends=or_null(ID),
        own=several(TEXT),
    ),
    "duties": row(
        code=TEXT, article=TEXT, zh=TEXT, en=TEXT, kind=or_null(TEXT), period=TEXT, required=or_null(WHOLE),
        done=WHOLE, measure=TEXT, items=WHOLE, closes_at=INSTANT, status=TEXT, batch=or_null(WHOLE),
        roles=several(TEXT), strata=or_null(by_name(WHOLE)), why=several(row(zh=TEXT, en=TEXT)),
        days=several(row(day=DAY, counts=YES_NO, zh=TEXT, en=TEXT)), pairs=YES_NO, kinds=several(TEXT),
        covered=or_null(several(COVERED)), parts=several(PART), each=or_null(EACH),
    ),
    "below": row(
        code=TEXT, name=TEXT, level=TEXT, setting=or_null(TEXT), above=several(TEXT),
        services=several(TEXT), points=WHOLE, latitude=or_null(NUMBER), longitude=or_null(NUMBER),
    ),
    "problems": row(
        inspection=ID, ordinal=WHOLE, kind=TEXT, subject=TEXT, criteria=several(TEXT), day=DAY,
        found=DAY, raised=by_name(DAY),
    ),
    "volumes": row(day=DAY, volumes=by_name(VOLUME), returned=or_null(WHOLE), source=or_null(TEXT)),
    "returns": row(day=DAY, number=TEXT, class_=TEXT, reason=or_null(TEXT), mine=YES_NO, judged=YES_NO),
    "learned": row(kind=TEXT, day=DAY, checked=DAY, number=TEXT, verdict=TEXT, criteria=several(TEXT)),
    "balances": row(day=DAY, carried=or_null(WHOLE), numbers=several(TEXT)),
    "watch": row(
        day=DAY, subject=TEXT, class_=or_null(TEXT), route=or_null(ID), tag=or_null(TEXT), drawn=YES_NO, fact=ID,
        judged=YES_NO,
    ),
    "people": row(id=ID, name=TEXT, roles=several(TEXT)),
    "listed": row(
        duty=TEXT, kind=TEXT, day=DAY, key=SHA256, marks=TEXT, own=TEXT, classes=or_null(several(TEXT)),
        least=or_null(WHOLE),
    ),
    "requirements": row(fact=ID, row=WHOLE, text=TEXT, day=DAY, kind=TEXT),
    "cases": row(
        id=ID, type=TEXT, state=TEXT, number=or_null(TEXT), kind=or_null(TEXT), criterion=or_null(TEXT), severity=TEXT,
        recurs=YES_NO, place=row(kind=TEXT, name=or_null(TEXT)), subjects=several(TEXT), count=WHOLE, found=DAY, opened=DAY,
        by=row(unit=TEXT, name=TEXT), finder=or_null(TEXT), owner=or_null(row(id=ID, name=or_null(TEXT))), mine=YES_NO,
        ended=YES_NO, late=or_null(TEXT), deadline=or_null(DAY), due=or_null(DAY), asked=YES_NO, parent=or_null(ID),
        text=or_null(TEXT), about=or_null(row(zh=TEXT, en=TEXT)), photos=several(PHOTO), voices=several(VOICE), may=several(_MAY), desk=YES_NO, history=several(_STEP),
    ),
}  # fmt: skip

# One that is not so is refused by itself, and its neighbours are stored: nothing here turns the whole push away.
FACT = {
    "type": "object",
    "description": "A frozen fact; its digest is SHA-256(open ‖ SHA-256(salt ‖ personal)). `id` is a UUIDv7 made by the phone",
    "properties": {"id": ID, "open": TEXT, "personal": TEXT, "salt": TEXT, "digest": SHA256},
    "required": ["digest", "id", "open", "salt"],
}
SECTIONS = {
    "oneOf": [
        row(unit=TEXT, name={"type": "string", "enum": [name]}, rows=several(shape))
        for name, shape in ROWS.items()
    ]
}
PERSON = row(id=ID, name=TEXT, login=TEXT, language=TEXT, roles=several(row(role=TEXT, unit=TEXT)))
# What the person is told, of whatever unit: `address` is a path, of the field app (/app/…) or of the desk.
NOTICE = row(id=ID, code=TEXT, zh=TEXT, en=TEXT, grave=YES_NO, at=INSTANT, seen=YES_NO, address=TEXT)
CLASS = row(**NAMED, numbered=YES_NO)
ARTICLE = row(**NAMED, article=TEXT)
CASE_RULES = row(
    types=several(
        row(
            **NAMED, states=several(row(**NAMED, ends=YES_NO)),
            moves=several(row(**NAMED, done_zh=TEXT, done_en=TEXT, needs=several(TEXT), to=or_null(TEXT))),
        )
    ),
    severities=several(row(**NAMED)), causes=several(row(**NAMED)),
)  # fmt: skip
_FIELD = row(("options",), **NAMED, type=TEXT, required=YES_NO, options=several(row(**NAMED)))
KIND = row(
    **NAMED, type=TEXT, subject=TEXT, list=or_null(TEXT), class_=or_null(TEXT), about=YES_NO, period=or_null(TEXT), levels=several(TEXT), photo=TEXT, position=YES_NO, batch=or_null(WHOLE),
    roles=several(TEXT), criteria=several(
        row(**NAMED, fail_zh=TEXT, fail_en=TEXT, group=or_null(TEXT), severity=TEXT)
    ), groups=several(row(**NAMED, class_=or_null(TEXT))), methods=several(TEXT), classes=several(TEXT), tag=TEXT,
    strata=several(row(**NAMED, distinct=or_null(TEXT))), fields=several(_FIELD),
    sums=or_null(row(came=several(TEXT), went=several(TEXT))),
)  # fmt: skip
