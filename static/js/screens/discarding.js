/** What was begun is thrown away, and can be brought back. */

import {mends} from '../domain/work.js';
import {t} from '../ui/language.js';
import {phone} from '../ui/phone.js';

/** Throws it away; the word that says so takes it back. @param {import('../domain/types.js').Draft} draft @param {() => void} [back] after it came back */
export async function discard(draft, back = () => {}) {
  const {id} = draft;
  await phone.store.discardDraft(id);
  const undo = () => phone.store.bringBack(id).then(back);
  phone.say(t(mends(draft) ? 'discard.done-correction' : 'discard.done'), 'ok', undo, true);
}
