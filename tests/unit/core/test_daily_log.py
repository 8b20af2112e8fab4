"""A log that begins a new file each local day, written by several processes."""

import logging
from datetime import UTC, date, datetime
from multiprocessing import get_context

from webapp.core.daily_log import DailyLog, prune


def write(folder, text: str, at: datetime) -> None:
    record = logging.LogRecord("toucha.views", logging.INFO, __file__, 1, text, None, None)
    record.created = at.timestamp()
    DailyLog(folder).handle(record)


def test_a_view_after_midnight_in_beijing_begins_a_new_file(tmp_path):
    write(tmp_path / "views", "before", datetime(2026, 11, 20, 15, 59, tzinfo=UTC))
    write(tmp_path / "views", "after", datetime(2026, 11, 20, 16, 0, tzinfo=UTC))
    found = {path.name: path.read_text() for path in (tmp_path / "views").iterdir()}
    assert found == {"2026-11-20.log": "before\n", "2026-11-21.log": "after\n"}


def test_nobody_else_reads_it_and_one_view_is_one_line(tmp_path):
    write(tmp_path, "two\nlines", datetime(2026, 11, 20, tzinfo=UTC))
    [file] = tmp_path.iterdir()
    assert file.read_text() == "two lines\n"
    assert file.stat().st_mode & 0o007 == 0


def many(folder, name: str) -> None:
    for number in range(200):
        write(folder, f"{name} {number} {'x' * 200}", datetime(2026, 11, 20, tzinfo=UTC))


def test_two_processes_write_one_file_without_tearing_a_line(tmp_path):
    context = get_context("spawn")
    both = [context.Process(target=many, args=(tmp_path, name)) for name in "ab"]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    lines = (tmp_path / "2026-11-20.log").read_text().splitlines()
    assert sorted(lines) == sorted(f"{name} {number} {'x' * 200}" for name in "ab" for number in range(200))


def test_the_oldest_days_go_and_other_files_stay(tmp_path):
    for name in ("2025-11-19.log", "2025-11-20.log", "2026-11-20.log", "notes.log"):
        (tmp_path / name).touch()
    assert prune(tmp_path, date(2025, 11, 20)) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "2025-11-20.log",
        "2026-11-20.log",
        "notes.log",
    ]
    assert prune(tmp_path / "none", date(2026, 1, 1)) == 0


def test_a_disk_that_takes_nothing_does_not_stop_the_answer(tmp_path, caplog):
    (tmp_path / "views").write_text("a file where the folder should be")
    write(tmp_path / "views", "lost", datetime(2026, 11, 20, tzinfo=UTC))
    assert "a line of views is not kept" in caplog.text and "lost" not in caplog.text
