"""The queue: failures that pass and those that stay, workers at once, and one that is killed in mid-delivery."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cast import CITY
from tests.mail import mail_server, make_certificate
from tests.notices import (
    MORNING,
    group_settings,
    mail_settings,
    proven,
    queued,
    robot,
    run,
    tell,
)
from tests.webhooks import group_server
from webapp import settings
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.notices import queue
from webapp.notices.channels.registry import senders
from webapp.notices.digests import compose_digests
from webapp.notices.models import Notice
from webapp.notices.rules import LEASE

ROOT = Path(__file__).resolve().parents[3]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def cast(app):
    return company.build_in(app)


def told(cast, who: str) -> list[str]:
    """The sorts of notices in somebody's inbox, the oldest first."""
    db.session.rollback()
    query = select(Notice.code).where(Notice.person_id == cast.people[who])
    return list(db.session.scalars(query.order_by(Notice.created_at, Notice.id)))


def test_a_server_that_is_down_is_tried_again_after_longer_and_longer_waits(app, cast):
    with mail_server() as box:
        pass  # its port is nobody's now
    with app.app_context():
        app.config.update(mail_settings(box))
        proven(cast, "director", "gaowa@post.example.cn")
        tell(cast, "director", "a")
        now, waits = MORNING, []
        for _ in range(4):
            assert run(app, now).failed == 1
            [one] = queued()
            assert (one.state, one.last_error) == ("failed", "connection")
            waits.append(one.not_before - now)
            assert run(app, now).failed == 0, "not before its time"
            now = one.not_before
        assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
        with mail_server() as box:
            app.config.update(mail_settings(box))
            assert run(app, now).sent == 1 and len(box.letters) == 1
        [one] = queued()
        assert (one.state, one.last_error, one.tries) == ("sent", None, 5)


def test_after_a_day_it_is_given_up_and_said_to_the_person_and_to_whoever_keeps_the_server(app, cast):
    with mail_server() as box:
        pass
    with app.app_context():
        app.config.update(mail_settings(box))
        proven(cast, "director", "gaowa@post.example.cn")
        tell(cast, "director", "a")
        run(app, MORNING)
        assert run(app, MORNING + DAY).given_up == 1
        assert told(cast, "director") == ["test-due", "mail-given-up"]
        assert told(cast, "admin") == ["server-given-up"]
        assert queued()[0].state == "given-up"
        run(app, MORNING + 2 * DAY)
        assert len(queued()) == 1, "that a mail failed is not mailed"
        with mail_server() as box:
            app.config.update(mail_settings(box))
            with transaction() as session:
                queue.retry_now(session, cast.actor(session, "admin"), queued()[0].id, MORNING + 3 * DAY)
            assert run(app, MORNING + 3 * DAY).sent == 1


def test_an_address_that_is_not_there_is_given_up_at_once_and_a_full_mailbox_is_not(app, cast):
    refuses = {"gone@post.example.cn": "550 5.1.1 no such user", "full@post.example.cn": "452 4.2.2 full"}
    with mail_server(refuses=refuses) as box, app.app_context():
        app.config.update(mail_settings(box))
        proven(cast, "director", "gone@post.example.cn")
        proven(cast, "lead", "full@post.example.cn")
        tell(cast, "director lead", "a")
        done = run(app, MORNING)
        assert (done.sent, done.failed, done.given_up) == (0, 1, 1)
        assert {(one.state, one.last_error) for one in queued()} == {
            ("given-up", "smtp 550"),
            ("failed", "smtp 452"),
        }
        assert told(cast, "director")[-1] == "mail-given-up" and told(cast, "admin") == []


def test_mail_goes_over_tls_with_a_login_and_a_wrong_certificate_is_not_believed(
    app, cast, tmp_path, monkeypatch
):
    certificate = make_certificate(tmp_path)
    login = "AHRvdWNoYQBzZWNyZXQ="  # \0toucha\0secret
    for at_once, security in ((False, "starttls"), (True, "ssl")):
        with mail_server(certificate, at_once, login=login) as box, app.app_context():
            app.config.update(mail_settings(box) | {"SMTP_HOST": "localhost", "SMTP_SECURITY": security})
            app.config.update({"SMTP_LOGIN": "toucha", "SMTP_PASSWORD": "secret"})
            proven(cast, "director", "gaowa@post.example.cn")
            tell(cast, "director", security, grave=True)
            monkeypatch.delenv("SSL_CERT_FILE", raising=False)
            assert run(app, MORNING).failed == 1 and queued()[-1].last_error == "tls"
            assert box.letters == []
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            app.config["SMTP_PASSWORD"] = "wrong"
            assert run(app, MORNING + HOUR).failed == 1 and queued()[-1].last_error == "login"
            app.config["SMTP_PASSWORD"] = "secret"
            assert run(app, MORNING + 2 * HOUR).sent == 1
            assert len(box.letters) == 1 and box.secured


def test_a_line_that_is_cut_after_the_mail_was_taken_brings_it_again_under_the_same_id(app, cast):
    with mail_server(hangs_up=True) as box, app.app_context():
        app.config.update(mail_settings(box))
        proven(cast, "director", "gaowa@post.example.cn")
        tell(cast, "director", "a")
        assert run(app, MORNING).failed == 1
        box.hangs_up = False
        assert run(app, MORNING + HOUR).sent == 1
        first, second = box.letters
        assert first["Message-ID"] == second["Message-ID"] == f"<{queued()[0].id}@toucha.example.cn>"
        assert first.get_content() == second.get_content()


def test_a_server_that_does_not_answer_is_given_its_seconds_and_no_more(app, cast):
    with mail_server(silent=threading.Event()) as box, app.app_context():
        app.config.update(mail_settings(box) | {"SENDING_SECONDS": 0.3})
        proven(cast, "director", "gaowa@post.example.cn")
        tell(cast, "director", "a")
        assert run(app, MORNING).failed == 1
        assert queued()[0].last_error == "timeout"


def test_two_workers_at_once_send_each_message_once(app, cast):
    people = [login for login in cast.people if login not in ("former", "nobody")]
    with mail_server() as box:
        app.config.update(mail_settings(box) | {"SENDING_SECONDS": 20})
        with app.app_context():
            for login in people:
                proven(cast, login, f"{login}@post.example.cn")
            tell(cast, " ".join(people), "a", grave=True)
            tell(cast, " ".join(people), "b")
        start, counts = threading.Barrier(3), []

        def work():
            with app.app_context():
                start.wait()
                counts.append(run(app, MORNING).sent)

        workers = [threading.Thread(target=work) for _ in range(3)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
        assert sum(counts) == len(box.letters) == 2 * len(people)
        ids = [one["Message-ID"] for one in box.letters]
        assert len(set(ids)) == len(ids)
        with app.app_context():
            assert {one.state for one in queued()} == {"sent"}


def test_a_worker_that_is_killed_after_sending_leaves_the_message_to_the_next_under_the_same_id(app, cast):
    now = clock.now()
    with mail_server(silent=threading.Event()) as box, app.app_context():
        settings = mail_settings(box)
        app.config.update(settings)
        proven(cast, "director", "gaowa@post.example.cn")
        tell(cast, "director", "a", now, grave=True)
        names = {"SITE": "TOUCHA_URL", "MAIL_FROM": "TOUCHA_MAIL_FROM"}
        wanted = {names.get(name, f"TOUCHA_{name}"): str(value) for name, value in settings.items()}
        place = {
            "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
            "TOUCHA_DATA": str(app.config["DATA_DIRECTORY"]),
        }
        command = [Path(sys.executable).with_name("flask"), "--app", "webapp", "notices", "deliver"]
        worker = subprocess.Popen(command, cwd=ROOT, env=os.environ | wanted | place)
        assert box.taken.wait(60)
        worker.kill()
        worker.wait()
        [one] = queued()
        assert (one.state, one.tries) == ("waiting", 1) and one.claim
        box.silent.set()
        box.silent = None
        assert run(app, now + MINUTE).sent == 0, "it may still be at work"
        assert run(app, now + LEASE + MINUTE).sent == 1
        first, second = box.letters
        assert first["Message-ID"] == second["Message-ID"]
        assert (queued()[0].state, queued()[0].tries) == ("sent", 2)


def test_a_worker_that_was_thought_dead_changes_nothing_any_more(app, cast):
    with mail_server() as box, app.app_context():
        app.config.update(mail_settings(box))
        on = senders(app.config)
        proven(cast, "director", "gaowa@post.example.cn")
        tell(cast, "director", "a", grave=True)
        with transaction() as session:
            compose_digests(session, MORNING, on)
        with transaction() as session:
            slow = queue.claim(session, app.config, on, MORNING)
        with transaction() as session:
            assert queue.claim(session, app.config, on, MORNING + MINUTE) is None
        assert run(app, MORNING + LEASE).sent == 1
        with transaction() as session:
            assert queue.settle(session, slow, queue.Undelivered("timeout"), MORNING + LEASE, 0.5) is None
        assert queued()[0].state == "sent"


def test_a_mistake_of_a_channel_does_not_hold_up_those_behind_it(app, cast):
    class Broken:
        def send(self, message):
            raise KeyError(message.to)

    with mail_server() as box, group_server() as group, app.app_context():
        app.config.update(mail_settings(box) | group_settings(group))
        robot(app, cast, CITY, "wecom", group.webhook("/cgi-bin/webhook/send?key=k"))
        proven(cast, "director", "gaowa@post.example.cn")
        tell(cast, "director", "a", grave=True, unit=CITY)
        on = senders(app.config) | {"mail": Broken()}
        with transaction() as session:
            compose_digests(session, MORNING, on)
        done = queue.deliver(transaction, on, app.config, lambda: MORNING, lambda: 0.5)
        assert (done.sent, done.failed) == (1, 1)
        assert {one.last_error for one in queued()} == {"error", None}


def test_one_silence_a_run_is_enough_and_the_others_are_tried_by_the_next(app, cast):
    with mail_server() as box:
        pass
    with app.app_context():
        app.config.update(mail_settings(box))
        for who in ("director", "lead", "inspector"):
            proven(cast, who, f"{who}@post.example.cn")
        tell(cast, "director lead inspector", "a")
        assert [run(app, MORNING).failed for _ in range(4)] == [1, 1, 1, 0]
        assert {one.tries for one in queued()} == {1}


def test_a_line_that_would_not_be_as_secure_as_meant_is_no_setting(monkeypatch):
    monkeypatch.setenv("TOUCHA_SMTP_SECURITY", "tls")
    with pytest.raises(ValueError, match="starttls, ssl or none"):
        settings.load()
    monkeypatch.setenv("TOUCHA_SMTP_SECURITY", "none")
    monkeypatch.setenv("TOUCHA_SMTP_LOGIN", "toucha")
    with pytest.raises(ValueError, match="TOUCHA_SMTP_LOGIN"):
        settings.load()


def test_a_tick_sends_too_and_a_command_says_what_it_did(app, cast):
    with mail_server() as box:
        app.config.update(mail_settings(box))
        with app.app_context():
            proven(cast, "director", "gaowa@post.example.cn")
            tell(cast, "director", "a", clock.now(), grave=True)
        runner = app.test_cli_runner()
        assert (
            runner.invoke(args=["notices", "deliver"]).output == "1 sent, 0 to be tried again, 0 given up.\n"
        )
        with app.app_context():
            tell(cast, "director", "b", clock.now(), grave=True)
        assert runner.invoke(args=["tick"]).exit_code == 0
        assert len(box.letters) == 2
