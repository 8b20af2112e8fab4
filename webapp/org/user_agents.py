"""What a browser says of itself: only enough to name a device in a list and to recognise in-app browsers."""

_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
# The first that fits: nearly every browser also calls itself Chrome and Safari.
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("QQBrowser", "QQ浏览器"),
    ("QQ/", "QQ"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("HeyTapBrowser", "OPPO浏览器"),
    ("VivoBrowser", "vivo浏览器"),
    ("UCBrowser", "UC浏览器"),
    ("SamsungBrowser", "Samsung"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
# Browsers inside another app keep their own cookies and storage and cannot install an app.
_IN_APP = ("MicroMessenger", "DingTalk", "QQ/", "Weibo", "AlipayClient", "aweme")


def device_name(user_agent: str) -> str:
    """``Android · Chrome``; ``?`` for a part that is not told."""
    return f"{_first(_SYSTEMS, user_agent)} · {_first(_BROWSERS, user_agent)}"


def is_in_app(user_agent: str) -> bool:
    """Whether the page is open inside WeChat or another app instead of the phone's browser."""
    return any(mark in user_agent for mark in _IN_APP)


def is_phone(user_agent: str) -> bool:
    """Whether it is a phone or tablet."""
    return any(mark in user_agent for mark in ("Mobile", "Android", "iPhone", "iPad", "HarmonyOS"))


def _first(table: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in table if mark in user_agent), "?")
