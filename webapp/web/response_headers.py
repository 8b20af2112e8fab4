"""Headers of every answer: what a page may load, who may frame it, what may be kept."""

from collections.abc import MutableMapping

from flask import Flask, Response, current_app, request
from flask_login import current_user

from webapp.core.problems import Problem

# No inline script or style anywhere; 'wasm-unsafe-eval' lets the barcode scanner compile its own module.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
DEVICES = "camera=(self), geolocation=(self), microphone={microphone}, payment=(), usb=(), display-capture=()"
FIXED = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for in-app browsers that do not know frame-ancestors
    "Permissions-Policy": DEVICES.format(microphone="()"),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# What is no page is for our own pages to read: opened by itself it may load and run nothing.
NO_PAGE = "default-src 'none'; sandbox; frame-ancestors 'none'"
YEAR = 365 * 24 * 3600


def secure(headers: MutableMapping[str, str], https: bool, subdomains: bool = False) -> None:
    """Set the fixed headers where they are not set already; also fit for WhiteNoise's ``add_headers_function``."""
    for name, value in FIXED.items():
        headers.setdefault(name, value)
    if https:
        below = "; includeSubDomains" if subdomains else ""
        headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}{below}")


# What a proxy adds, and no browser on this machine.
PROXIED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")


def init_headers(app: Flask) -> None:
    """Put the headers on every answer of the application; a demo answers nobody from elsewhere."""
    app.after_request(_finish)
    if app.config["DEMO"]:
        app.before_request(_here_only)


def _here_only() -> None:
    """Its passwords are published: a proxy in front of it would open it to the world, whatever the settings say."""
    if any(name in request.headers for name in PROXIED):
        raise Problem("demo-elsewhere")


def _finish(response: Response) -> Response:
    if request.path.startswith("/api/") and response.mimetype != "text/html":
        response.headers.setdefault("Content-Security-Policy", NO_PAGE)
    secure(response.headers, current_app.config["HTTPS"], current_app.config["HSTS_SUBDOMAINS"])
    if "Cache-Control" not in response.headers and not _may_be_kept(response):
        response.headers["Cache-Control"] = "no-store"
    return response


def _may_be_kept(response: Response) -> bool:
    """Whether a cache may keep the answer: never the API's, nor a page made for somebody who is signed in."""
    if request.path.startswith("/api/"):
        return False
    if response.mimetype != "text/html":
        return True
    return response.status_code < 500 and not current_user.is_authenticated
