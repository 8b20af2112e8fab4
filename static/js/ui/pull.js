/** Pulled down from the very top, a page asks the server for what is new. The browser's own pull is off (`overscroll-behavior`). */

import {t} from './language.js';
import {phone} from './phone.js';

const FAR = 90; // CSS pixels down, and more down than aside

/** @param {Window} window */
export function watchPull(window) {
  /** @type {Touch|null} */ let start = null;
  let far = false;
  const begin = (/** @type {TouchEvent} */ {touches, target}) => {
    const free = touches.length === 1 && window.scrollY <= 0 && !(/** @type {Element} */ (target).closest(HOLDS));
    [start, far] = [free ? touches[0] : null, false];
  };
  const move = (/** @type {TouchEvent} */ {touches}) => {
    if (!start || far) return;
    if (touches.length > 1 || window.scrollY > 0) start = null;
    else if (isPull(start, touches[0])) {
      far = true;
      phone.say(t('pull.let-go'));
    }
  };
  const end = () => {
    if (far) phone.engine.sync();
    [start, far] = [null, false];
  };
  const listen = {passive: true};
  window.addEventListener('touchstart', begin, listen);
  window.addEventListener('touchmove', move, listen);
  window.addEventListener('touchend', end, listen);
  window.addEventListener('touchcancel', () => (far = false), listen);
}

const HOLDS = 'dialog, textarea, input, select, video';

/** @param {Touch} from @param {Touch} to */
function isPull(from, to) {
  const down = to.clientY - from.clientY;
  return down > FAR && down > 2 * Math.abs(to.clientX - from.clientX);
}
