"""Integration tests run on both databases: whoever asks for ``app`` gets each in turn."""

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, make_app):
    """The application on an empty migrated database."""
    return make_app(request.param)
