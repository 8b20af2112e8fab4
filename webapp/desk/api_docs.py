"""A page to read the OpenAPI document."""

from flask import Blueprint, current_app, render_template

blueprint = Blueprint("api_docs", __name__)


@blueprint.get("/api/docs")
def index() -> str:
    """Every operation of the API with its answers."""
    document = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    return render_template("shell/api.html", paths=document["paths"])
