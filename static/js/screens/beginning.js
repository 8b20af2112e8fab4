/** Beginning a piece of work. It is a draft on the disk with its first entry: a form that was only looked at leaves nothing. */

import {addItem, newDraft} from '../domain/checks.js';
import {isoWithOffset} from '../domain/days.js';
import {givenItems} from '../domain/subjects.js';
import {actingFor, lightUnit, mends} from '../domain/work.js';
import {t} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {router} from '../ui/router.js';

/**
 * @param {import('../domain/types.js').Kind} kind @param {string} unit code
 * @param {{about?: string|null, items?: Parameters<typeof addItem>[1][]}} [more]
 * @returns {Promise<import('../domain/types.js').Draft>} not saved yet; throws RangeError when the roles do not allow it
 */
export async function begin(kind, unit, {about = null, items = []} = {}) {
  const [units, below] = await Promise.all([phone.store.rows('unit'), phone.store.rows('below')]);
  const light = below.find(({code}) => code === unit);
  const row = units.find(({code}) => code === unit) ?? (light && lightUnit(light));
  const acting = row && actingFor(kind, row, units);
  if (!acting) throw new RangeError(`${kind.code} at ${unit}: not this person's work`);
  const method = kind.methods?.[0];
  const fresh = newDraft({kind: kind.code, unit, acting, about, method, started: isoWithOffset(Date.now())});
  const draft = [...givenItems(kind, unit), ...items].reduce((one, item) => addItem(one, item), fresh);
  phone.begun.set(draft.id, performance.now());
  return draft;
}

/**
 * Goes on with the draft of this kind if there is one, else begins; then opens it.
 * @param {import('../domain/types.js').Kind} kind @param {string} unit @param {{about?: string|null}} [more]
 */
export async function open(kind, unit, {about = null} = {}) {
  try {
    const drafts = await phone.store.drafts();
    const same = drafts.find(
      (one) => one.kind === kind.code && one.unit === unit && one.about === about && !mends(one),
    );
    const draft = same ?? (await begin(kind, unit, {about}));
    router.go(`/app/check/${draft.id}`, {fresh: draft});
  } catch (error) {
    console.error(error);
    phone.say(t('error.storage'), 'bad');
  }
}
