/** A link for a colleague: through the phone's own sheet, else into the clipboard. It holds an id and no word of what it leads to. */

import {t} from './language.js';
import {phone} from './phone.js';

/** @param {string} title said by the sheet @param {string} path of the app */
export async function share(title, path) {
  const url = new URL(path, location.origin).href;
  try {
    if (navigator.share) return await navigator.share({title, url});
    await navigator.clipboard.writeText(url);
    phone.say(t('share.copied'));
  } catch (error) {
    if (/** @type {Error} */ (error).name === 'AbortError') return; // the person changed their mind
    phone.say(t('share.failed'), 'warn');
  }
}
