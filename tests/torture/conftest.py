"""The browser of the browser tests; without one a failure in CI and a skip elsewhere."""

from tests.browser.conftest import base_url, browser_type_launch_args

__all__ = ["base_url", "browser_type_launch_args"]
