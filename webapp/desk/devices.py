"""Pages of devices."""

from flask import Blueprint

blueprint = Blueprint("devices", __name__)
