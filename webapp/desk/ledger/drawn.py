"""Cells of the matrix as HTML, each made once: a page has hundreds, and most are as they were when somebody last looked."""

from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from webapp.desk.records.inspections import judged
from webapp.ledger.cells import Cell
from webapp.web.language import language

KEPT = 4096  # cells, some 700 bytes each


class _Drawn:
    """A cell that is known again by all that is drawn of it."""

    def __init__(self, cell: Cell, duty):
        self.cell, self.duty = cell, duty
        values = {**vars(cell), "lines": tuple(sorted(cell.lines.items()))}
        self.key = (language(), judged(duty), *values.values())

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other) -> bool:
        return self.key == other.key


def cell_body(cell: Cell, duty) -> Markup:
    """What stands in a cell: status, done of required, the share that passed, and the marks."""
    return _made(_Drawn(cell, duty))


@lru_cache(maxsize=KEPT)
def _made(drawn: _Drawn) -> Markup:
    with_cells = current_app.jinja_env.get_template("ledger/cell.html").module
    return with_cells.cell_body(drawn.cell, drawn.duty)
