"""``/metrics`` for Prometheus, where the settings name a token: what this server answered, and how its county stands.

Answers and outcomes are counted by the processes of this server together (gunicorn has several: the library's files, one a process, in
the folder that ``serving.py`` makes). What stands in the database is asked when somebody reads, and is the same on every server. No name, no
address and no number of an item is in any of it: routes stand as the code writes them.
"""

import hmac
import os
import time
from collections.abc import Iterator

from flask import Flask, Response, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from webapp.core.database import db
from webapp.core.problems import Problem
from webapp.inquiries import server_figures
from webapp.upkeep.progress import tick_lag
from webapp.web.access import now

SHARED = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
COSTLY = 60.0  # seconds for which a sum over everything is told again


class Counts:
    """What one process counts; of an application of its own, so that tests have several."""

    def __init__(self, shared: bool):
        """``shared``: with the other processes, through their files."""
        self._own = None if shared else CollectorRegistry()
        labels = ("method", "route", "status")
        self.answers = Counter("toucha_requests", "Answers by route.", labels, registry=self._own)
        self.seconds = Histogram(
            "toucha_request_seconds", "Time to an answer.", ("method",), buckets=SECONDS, registry=self._own
        )
        self.outcomes = Counter(
            "toucha_pushed_facts", "Facts that phones sent, by outcome.", ("outcome",), registry=self._own
        )

    def registry(self) -> CollectorRegistry:
        """What is read now."""
        if self._own is not None:
            return self._own
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        return registry


class County:
    """Collects what stands in the database."""

    def __init__(self):
        self._sums, self._summed = {}, -COSTLY

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures; only that it is away where it is."""
        try:
            told = {**self._costly(), **server_figures.of_now(db.session, now())}
            lag = tick_lag(db.session, now())
        except SQLAlchemyError:
            yield GaugeMetricFamily("toucha_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("toucha_database_up", "Whether the database answers.", 1)
        for name, value in told.items():
            if value is not None:
                yield GaugeMetricFamily(f"toucha_{name}", server_figures.SENTENCES[name], value)
        if lag is not None:
            yield GaugeMetricFamily("toucha_tick_lag_seconds", "Seconds since the last tick ended.", lag)

    def _costly(self) -> dict[str, int]:
        if time.monotonic() - self._summed > COSTLY:
            self._sums, self._summed = server_figures.sums(db.session), time.monotonic()
        return self._sums


def init_metrics(app: Flask) -> None:
    """Count from now on, and answer whoever brings the token."""
    app.extensions["toucha_counts"] = Counts(shared=SHARED in os.environ)
    app.extensions["toucha_county"] = County()
    app.before_request(_begin)
    app.after_request(_count)
    app.add_url_rule("/metrics", "metrics", show)


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Response) -> Response:
    counts: Counts = current_app.extensions["toucha_counts"]
    rule = request.url_rule.rule if request.url_rule else "none"
    # Whoever asks makes up a method as he likes, and each label is kept for good.
    method = request.method if request.method in METHODS else "other"
    counts.answers.labels(method, rule, response.status_code).inc()
    if "began" in g:
        counts.seconds.labels(method).observe(time.perf_counter() - g.began)
    for outcome in g.get("outcomes", ()):
        counts.outcomes.labels(outcome).inc()
    return response


def show() -> Response:
    """All figures in Prometheus' form, for ``Authorization: Bearer`` and the token; to others there is no such page."""
    expected = f"Bearer {current_app.config['METRICS_TOKEN']}"
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected.encode()):
        raise Problem("not-found")
    county = CollectorRegistry()
    county.register(current_app.extensions["toucha_county"])
    own = current_app.extensions["toucha_counts"].registry()
    return Response(generate_latest(own) + generate_latest(county), content_type=CONTENT_TYPE_LATEST)
