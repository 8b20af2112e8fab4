"""One run of a plan: a real browser and a real gunicorn, really killed; then quiet, and a look at what is there."""

import json
import shutil
from pathlib import Path

from playwright.sync_api import Playwright

from tests.browser.story_county import County, build
from tests.server.keeping import halves, rows
from tests.serving import RunningServer
from tests.torture.handset import Handset
from tests.torture.plan import Plan, Round


class Broken(AssertionError):
    """A promise did not hold; says which."""


class Ground:
    """The county's data, made once and copied for each run."""

    def __init__(self, template, folder: Path):
        self.folder = folder
        self.county: County = build(template.fresh(folder), folder)

    def copy(self, folder: Path) -> Path:
        """A fresh data folder."""
        return Path(shutil.copytree(self.folder, folder / "data"))


class Torture:
    """One run: :meth:`run` raises :class:`Broken`."""

    def __init__(self, playwright: Playwright, ground: Ground, folder: Path, plan: Plan):
        self.plan = plan
        self.server = RunningServer(ground.copy(folder))
        person = ground.county.people["li"]
        self.phone = Handset(playwright, folder / "phone", self.server.url, "li", person)
        self.faults: list[str] = []
        self.kills = 0

    def run(self) -> None:
        """All rounds of the plan, then the oracle."""
        try:
            self.server.start()
            self.phone.switch_on()
            for one in self.plan.rounds:
                self._round(one)
            self.phone.settled()
            self._look()
        finally:
            self.phone.switch_off()
            if self.server.running:
                self.server.kill()
        if self.faults:
            raise Broken("\n".join(self.faults))

    # --- doing

    def _round(self, one: Round) -> None:
        self.phone.fill_in(one.numbers)
        said = self.phone.save(one.moment, one.delay, lambda: self._strike(one.victim))
        if not self.server.running:
            self.server.start()
        if not self.phone.alive:
            self.phone.switch_off()
            self.phone.switch_on()
        if not set(one.numbers) <= self._numbers("records"):
            self._not_saved(one, said)

    def _strike(self, victim: str) -> None:
        if victim in ("server", "both"):
            self.server.kill()
        if victim in ("phone", "both"):
            self.phone.kill()
        self.kills += victim != "nobody"

    def _not_saved(self, one: Round, said: bool) -> None:
        """Killed before it was saved: it stands in the draft, complete, and is saved now."""
        if said:
            self.faults.append(f"{one.numbers}: the phone said that they are saved, and they are not on it")
        if not set(one.numbers) <= self._numbers("drafts"):
            self.faults.append(f"{one.numbers}: neither saved nor in the draft")
            return
        self.phone.begin()
        self.phone.is_complete(len(one.numbers))
        if not self.phone.save():
            self.faults.append(f"{one.numbers}: could not be saved from the draft")

    def _numbers(self, store: str) -> set[str]:
        """The item numbers in all rows of a store of the phone."""
        text = json.dumps(self.phone.held(store))
        return {number for one in self.plan.rounds for number in one.numbers if number in text}

    # --- looking

    def _look(self) -> None:
        """On the server each check is there once with its photo; the phone shows all as arrived; nothing is by halves."""
        data = self.server.data
        query = """SELECT t.subject, count(*), count(p.digest), count(r.digest) FROM items t
            LEFT JOIN photo_refs r ON r.source = 'record' AND r.fact_id = t.inspection_id AND r.ordinal = t.ordinal
            LEFT JOIN photos p ON p.digest = r.digest GROUP BY t.subject"""
        found = {subject: counts for subject, *counts in rows(data, query)}
        for one in self.plan.rounds:
            for number in one.numbers:
                photos = int(number == one.numbers[0])
                if found.get(number) != [1, photos, photos]:
                    self.faults.append(
                        f"{number} is on the server [times, photos, named photos] {found.get(number)}"
                    )
        states = [row["state"] for row in self.phone.held("records")]
        if states.count("stored") != len(self.plan.rounds):
            self.faults.append(f"the phone shows its records as {states}")
        self.faults += halves(data)
        try:
            self.server.flask("check")
        except RuntimeError as fault:
            self.faults.append(str(fault))
