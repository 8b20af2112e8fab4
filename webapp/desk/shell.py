"""Pages of shell."""

from flask import Blueprint

blueprint = Blueprint("shell", __name__)
