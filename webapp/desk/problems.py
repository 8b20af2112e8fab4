"""Pages of problems."""

from flask import Blueprint

blueprint = Blueprint("problems", __name__)
