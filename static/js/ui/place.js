/** Where the phone is: a watch that runs while a screen needs it, so that no photo has to wait for a satellite. */

/**
 * @typedef {{latitude: number, longitude: number, accuracy: number, at: number}} Fix
 * @typedef {'waiting'|'found'|'refused'|'no-signal'|'no-device'} PlaceState
 */

const FRESH = 2 * 60e3;
const FAILURES = /** @type {Record<number, PlaceState>} */ ({1: 'refused', 2: 'no-signal', 3: 'no-signal'});

class Place extends EventTarget {
  constructor() {
    super();
    /** @type {PlaceState} */ this.state = 'waiting';
    /** @type {Fix|null} */ this.last = null;
    /** @type {number|null} */ this.watch = null;
    this.users = 0;
  }

  /** Each `hold` needs its `release`. The browser asks the person the first time. */
  hold() {
    this.users += 1;
    if (this.watch !== null) return;
    if (!navigator.geolocation || !window.isSecureContext) return this.tell('no-device');
    this.watch = navigator.geolocation.watchPosition(
      ({coords, timestamp}) => this.found(coords, timestamp),
      ({code}) => this.tell(this.fresh() ? 'found' : FAILURES[code]),
      {enableHighAccuracy: true, maximumAge: 30e3, timeout: 20e3},
    );
  }

  release() {
    this.users = Math.max(0, this.users - 1);
    if (this.users || this.watch === null) return;
    navigator.geolocation.clearWatch(this.watch);
    this.watch = null;
    this.state = 'waiting';
  }

  /** Asks again after a failure. */
  again() {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    this.watch = null;
    this.users = Math.max(0, this.users - 1);
    this.tell('waiting');
    this.hold();
  }

  /** @param {GeolocationCoordinates} coords @param {number} timestamp */
  found({latitude, longitude, accuracy}, timestamp) {
    this.last = {latitude, longitude, accuracy: Math.round(accuracy), at: Math.min(timestamp, Date.now())};
    this.tell('found');
  }

  /** @param {PlaceState} state */
  tell(state) {
    this.state = state;
    this.dispatchEvent(new CustomEvent('place'));
  }

  /** The last position, if it is not older than two minutes. @returns {Fix|null} */
  fresh() {
    return this.last && Date.now() - this.last.at < FRESH ? this.last : null;
  }

  /** The position as it is kept beside a photo or an item; an empty object without one. */
  noted() {
    const fix = this.fresh();
    return fix ? {latitude: fix.latitude, longitude: fix.longitude, accuracy: fix.accuracy} : {};
  }
}

export const place = new Place();

/** Whether the person allowed it before: then asking shows no question. @returns {Promise<boolean>} */
export async function mayLocate() {
  try {
    return (await navigator.permissions.query({name: 'geolocation'})).state === 'granted';
  } catch {
    return false; // browsers that cannot tell
  }
}
