"""Facts of type ``volume``: how much came in on a day, typed on a phone or at the desk by who keeps the lists."""

from datetime import date

from webapp.core.clock import local_date
from webapp.recording.entries import Entry
from webapp.recording.facts.fact_type import VOLUMES, FactType
from webapp.recording.facts.lists import SECTIONS, applying, guard
from webapp.recording.guards import Context
from webapp.rulebook.rules import Text
from webapp.sampling import operations as sampling


def _volume(context: Context, entry: Entry) -> date:
    return sampling.apply_volume(context.session, entry.id, entry.open, local_date(context.now))


TYPE = FactType(
    "volume", Text("当日邮件量", "Volumes of a day"), from_phone=True, sections=SECTIONS, guard=guard,
    apply=applying(_volume), shown=VOLUMES,
)  # fmt: skip
