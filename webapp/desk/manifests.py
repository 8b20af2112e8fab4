"""Pages of manifests."""

from flask import Blueprint

blueprint = Blueprint("manifests", __name__)
