"""What this server signed is believed, also as it was signed until 0.1.0; what anybody else signed is not."""

import hashlib

import pytest
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from tests.cast import build_in, client_for
from webapp.core.signing import timed, untimed


@pytest.mark.parametrize(("made", "before"), [(untimed, URLSafeSerializer), (timed, URLSafeTimedSerializer)])
def test_what_was_signed_before_is_read_on_and_what_is_signed_now_is_stronger(made, before):
    signer = made("key", "rescue-file")
    assert signer.loads(before("key", "rescue-file").dumps([1])) == [1]
    with pytest.raises(BadSignature):
        before("key", "rescue-file").loads(signer.dumps([1]))
    for other in (made("key", "pull"), made("another key", "rescue-file")):
        with pytest.raises(BadSignature):
            signer.loads(other.dumps([1]))


def test_a_session_of_before_goes_on(sqlite_app):
    app, cast = sqlite_app, build_in(sqlite_app)
    lead, name = client_for(app, cast, "lead"), sqlite_app.config["SESSION_COOKIE_NAME"]
    serializer = app.session_interface.get_signing_serializer(app)
    held = serializer.loads(lead.get_cookie(name).value)
    old = URLSafeTimedSerializer(
        app.secret_key, salt="cookie-session", serializer=app.session_interface.serializer,
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha1},
    )  # fmt: skip
    lead.set_cookie(name, old.dumps(held))
    assert lead.get("/devices").status_code == 200
    lead.set_cookie(name, old.dumps(held)[:-4] + "AAAA")
    assert lead.get("/devices").status_code == 302
