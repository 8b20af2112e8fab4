import pytest
from tests.faults.test_mutations import notice
CASES = {
 'm2': ({"file":"sync/photos.js","before":"if (!photo) return settle(store, name, {code: 'photo-lost'});","after":"if (!photo) return confirm(store, name, {sha256: name, state: 'stored'});"},(),"."),
 'm4': ({"file":"sync/wire.js","before":"{...request.headers, 'X-Toucha-Person': this.personId}","after":"{...request.headers}"},("silence-after",),"."),
 'm5': ({"file":"domain/status.js","before":"const due = records.filter((record) => record.due);","after":"const due = records.filter((record) => record.due === 'fact');"},("lost-before","gateway-before"),"."),
 'm7': ({"file":"sync/push.js","before":"if (!asked.has(result?.id) || !STATES.has(result.state)) continue;","after":"if (!STATES.has(result.state)) continue;"},None,"."),
 'm8': ({"file":"store/records.js","before":"return state !== 'unsent' && state !== 'refused' && photos.every((photo) => photo.state === 'arrived');","after":"return state !== 'unsent' && state !== 'refused';"},None,"."),
 'm9': ({"file":"sync/engine.js","before":"if (!first) await this.ping();","after":""},("portal",),"."),
}
@pytest.mark.parametrize("name", CASES)
def test_m(name, tmp_path, monkeypatch):
    m,f,w=CASES[name]
    notice(tmp_path, w, f, m)
