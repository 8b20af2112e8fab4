"""What facts about a month's signature have in common: which unit and month they speak of."""

import re
from dataclasses import dataclass

from marshmallow import EXCLUDE, Schema, fields, validate

from webapp.core.clock import local_date
from webapp.core.problems import Problem
from webapp.org.models import Unit
from webapp.recording import guards
from webapp.recording.entries import Entry
from webapp.recording.guards import Context
from webapp.rulebook.periods import parse_period
from webapp.signing import queries
from webapp.signing.queries import Standing
from webapp.signing.rules import Capacity, capacity, signers

MOST_LINES = 5000
HEAD = frozenset({"unit"})  # a phone needs no more of it than that the journal went on
_HEX = re.compile(r"[0-9a-f]{64}")


class Month(fields.String):
    """The code of a month."""

    default_error_messages = {"month": "not a month such as 2026-11"}

    def _deserialize(self, value, attr, data, **options):
        text = super()._deserialize(value, attr, data, **options)
        try:
            period = parse_period(text)
        except Problem as error:
            raise self.make_error("month") from error
        if period.kind != "month":
            raise self.make_error("month")
        return text


class _Line(fields.List):
    """``[duty, period, digest]`` of a line, given as the text of a field of type signature."""

    def __init__(self, **options):
        super().__init__(fields.String(), **options)

    def _deserialize(self, value, attr, data, **options):
        parts = super()._deserialize(value, attr, data, **options)
        if len(parts) != 3 or not _HEX.fullmatch(parts[2]):
            raise self.make_error("invalid")
        return " ".join(parts)


class MonthSchema(Schema):
    """The month, and the lines that were looked at."""

    class Meta:
        unknown = EXCLUDE

    month = Month(required=True)
    lines = fields.List(_Line(), required=True, validate=validate.Length(max=MOST_LINES))


@dataclass(frozen=True)
class About:
    """The unit whose month it is, and how that stands."""

    unit: Unit
    month: str
    standing: Standing


def about_month(context: Context, entry: Entry, month: str) -> About:
    """The unit and its month; raises ``unknown-unit``."""
    unit, _acting = guards.units_of(context, entry)
    return About(unit, month, queries.standing_of(context.session, [unit.code], month)[unit.code])


def in_whose_name(context: Context, entry: Entry, about: About, version: int) -> Capacity:
    """In which name the actor signs this version; raises ``not-yours-to-sign``, and ``bad-fact`` for another acting unit."""
    today = local_date(context.now)
    places = queries.above(context.session, about.unit, today)
    named = [place.code for place in signers(places, version)]
    grants = queries.deputies(context.session, named, today)
    found = capacity(context.actor, places, version, grants)
    if found is None:
        raise Problem("not-yours-to-sign")
    if found.acting != entry.acting:
        raise Problem("bad-fact", {"acting": found.acting})
    return found
