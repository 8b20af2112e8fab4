"""What is said of a file that somebody brought: its faults, what would become or became of each record and photo."""

from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _

from webapp.core.problems import Problem
from webapp.recording import bringing
from webapp.recording.operations import Outcome
from webapp.recording.rescue import Line
from webapp.web.language import language

REASONS = {
    "missing": _("Please choose a file."),
    "no-room": _("The server has no room for this file just now. Tell whoever runs it; nothing is lost."),
    "not-zip": _("This is not a file of Toucha’s: a queue is a ZIP file (.zip)."),
    "cut": _("The file is not whole: its end is missing. Copy it again, or make it again on the phone."),
    "broken": _("The file is damaged. Copy it again, or make it again on the phone."),
    "many": _("The file holds more parts than any phone’s queue has."),
    "strange-name": _("There is something in the file that no phone puts there. Bring it as the phone made it."),
    "twice": _("The file holds the same part twice. Bring it as the phone made it."),
    "packed": _("The file was packed anew by another program. Bring it as the phone made it."),
    "large-part": _("A part of the file is larger than any phone makes it."),
    "not-ours": _("This ZIP file is not a phone’s queue: its list of contents is missing."),
    "manifest": _("The list of contents of the file cannot be read. Make the file again on the phone."),
    "format": _("The file comes from a newer Toucha than this server runs. Keep it, and try again after the upgrade."),
    "stranger": _("This file is not yours, and not of anybody whose unit you lead. Its author, the director or the county manager can bring it."),
}  # fmt: skip
BARRED = "barred"  # the state of a fact that may not come by this hand
DAMAGED = _("It does not fit its digest: it was changed or damaged after the phone made it.")
OUTCOMES = {
    "conflict": _("Another content came under this number before. It is kept beside the first; the director decides."),
    "waiting": _("It waits for the record that it corrects or withdraws."),
    "clock": _("Its day lies ahead: its author or the director confirms it."),
    "role": _("The role had ended more than 30 days before: the county manager decides."),
}  # fmt: skip


@dataclass
class Report:
    """What was found in a file, or became of it."""

    counts: dict[str, int] = field(default_factory=dict)  # state of a fact: how many
    kinds: dict[str, int] = field(default_factory=dict)  # kind or type: how many
    lines: list[tuple[Line, str, str]] = field(
        default_factory=list
    )  # (line, state, what is to be said of it)
    photos: dict[str, int] = field(default_factory=dict)  # new, here, absent, lost, spare: how many
    faulty: list[tuple[str, str]] = field(default_factory=list)  # (digest, why it is not taken)

    def count(self, line: Line, state: str, said: str = "") -> None:
        """One fact more; it is listed where there is something to say."""
        self.counts[state] = self.counts.get(state, 0) + 1
        if line.entry and state not in ("refused", BARRED):
            kind = line.entry.kind or line.entry.type
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if said:
            self.lines.append((line, state, said))

    def photo(self, state: str) -> None:
        """One photo more."""
        self.photos[state] = self.photos.get(state, 0) + 1


def worded(problem: Problem) -> str:
    """The problem, told to somebody who holds a file: it cannot be sent again."""
    return str(DAMAGED) if problem.code in ("bad-digest", "photo-digest") else problem.message(language())


def what_became(line: Line, outcome: Outcome | None) -> tuple[str, str]:
    """State, and what is to be said of it."""
    problem = outcome.problem if outcome else line.problem
    if problem:
        return BARRED if problem.code in bringing.REASONS else "refused", worded(problem)
    return outcome.state, str(OUTCOMES.get(outcome.held or outcome.state, ""))
