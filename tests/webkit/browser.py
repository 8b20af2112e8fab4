"""WebKitGTK as a phone's browser: driven by WebKitWebDriver, and its disk outlives it.

MiniBrowser, which the driver starts by itself, forgets everything when it is driven; a promise about what survives a
kill needs a browser that keeps its site data in a folder. Run by Debian's own Python, the one that has the ``gi`` module:
``/usr/bin/python3 browser.py FOLDER``.
"""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402  (the versions first)

WIDTH, HEIGHT = 360, 740  # the smallest phone we promise


def on_disk(folder: str) -> WebKit2.WebContext:
    """A context whose site data, worker registrations and cookies lie below ``folder``."""
    manager = WebKit2.WebsiteDataManager(
        base_data_directory=f"{folder}/data", base_cache_directory=f"{folder}/cache"
    )
    cookies = manager.get_cookie_manager()
    cookies.set_persistent_storage(f"{folder}/cookies.sqlite", WebKit2.CookiePersistentStorage.SQLITE)
    return WebKit2.WebContext(website_data_manager=manager)


def main(folder: str) -> None:
    """Wait for the driver, open a window whenever it asks for one, until somebody kills us."""
    context = on_disk(folder)
    context.set_automation_allowed(True)

    def open_window(session: WebKit2.AutomationSession) -> WebKit2.WebView:
        view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
        view.get_settings().set_enable_write_console_messages_to_stdout(True)
        window = Gtk.Window(default_width=WIDTH, default_height=HEIGHT)
        window.add(view)
        window.show_all()
        return view

    def begin(context: WebKit2.WebContext, session: WebKit2.AutomationSession) -> None:
        about = WebKit2.ApplicationInfo.new()
        about.set_name("MiniBrowser")  # the name that the driver's clients ask for
        about.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), 0)
        session.set_application_info(about)
        session.connect("create-web-view", open_window)

    context.connect("automation-started", begin)
    Gtk.main()


if __name__ == "__main__":
    main(sys.argv[1])
