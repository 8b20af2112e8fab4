"""Pages of volumes."""

from flask import Blueprint

blueprint = Blueprint("volumes", __name__)
