"""Pages of devices: one's own phones and computers, and ending the session of one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from webapp.core.database import db, transaction
from webapp.desk.accounts.proving import asks_password
from webapp.desk.accounts.recorder import concerns
from webapp.org import operations, queries
from webapp.web.access import actor, now

blueprint = Blueprint("devices", __name__)


@blueprint.get("/devices")
def index():
    """One's own phones and computers."""
    me = actor()
    return render_template(
        "accounts/devices/index.html", me=me, devices=queries.devices_of(db.session, me.person_id)
    )


@blueprint.post("/devices/<device_id>/revoke")
@asks_password
def revoke(device_id: str):
    """End the session of an own device, or of one of somebody whom the actor may reset."""
    me = actor()
    with transaction() as session:
        owner = operations.revoke_device(session, me, now(), device_id).person_id
    concerns(owner)
    flash(
        _("The device is signed out. What it holds stays on it until its person signs in there again."), "ok"
    )
    if owner == me.person_id:
        return redirect(url_for("devices.index"))
    return redirect(url_for("people.show", person_id=owner))
