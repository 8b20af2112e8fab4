/** What a person does with a page: the steps of the screens, each claim told as soon as the app would show it. */

import {confirmation, correction, withdrawal} from '../../../static/js/domain/amendments.js';
import {choose, moveFact, newMove} from '../../../static/js/domain/case-drafts.js';
import * as checks from '../../../static/js/domain/checks.js';
import {isoWithOffset} from '../../../static/js/domain/days.js';
import {freeze} from '../../../static/js/domain/facts.js';

const bytesOf = (/** @type {string} */ text) => new Uint8Array(Buffer.from(text, 'base64')).buffer;

/** @param {any} page @param {any} draft */
async function keep(page, draft) {
  await page.store.saveDraft(draft);
  page.tell('drafted', {person: page.store.personId, draft: draft.id, said: JSON.stringify(draft)});
}

/** @param {any} page @param {any} draft a move of a case, written down */
async function commitMove(page, draft) {
  const fact = await freeze(moveFact(draft, Date.now()), {id: draft.id});
  saved(page, await page.store.commitDraft(draft, fact));
}

/** @param {any} page @param {any} draft */
async function commit(page, draft) {
  if (draft.move) return commitMove(page, draft);
  const kinds = await page.store.get('kinds');
  const kind = kinds?.find((/** @type {any} */ one) => one.code === draft.kind);
  if (!kind) return; // nothing was ever pulled: the screens offer no work
  const lacks = checks.ready(draft, kind);
  if (lacks.length) return page.tell('lacks', {draft: draft.id, lacks});
  const content = checks.toFact(draft, kind, {ended: isoWithOffset(Date.now()), elapsed: 1000});
  const fact = await freeze(content, {id: draft.id});
  const record = await page.store.commitDraft(draft, fact);
  saved(page, record, draft.replaces);
}

/** The app says "saved". @param {any} page @param {any} record @param {string} [replaces] */
function saved(page, {id, digest, type, kind, photos, amends, target}, replaces) {
  const names = photos.map((/** @type {any} */ {sha256}) => sha256);
  const person = page.store.personId;
  page.tell('saved', {person, id, digest, type, kind, photos: names, amends, target, replaces: replaces ?? null});
}

/** @param {any} page @param {any} draft @param {any} item */
async function addTo(page, draft, {subject, criterion, photos, position}) {
  const index = draft.items.length;
  let next = checks.addItem(draft, {subject});
  await keep(page, next);
  next = criterion ? checks.answer(checks.fail(next, index), index, criterion, 'fail') : checks.passWhole(next, index);
  if (position) next = checks.place(next, index, position);
  await keep(page, next);
  return shoot(page, next, index, photos);
}

/** @param {any} page @param {any} draft @param {number} index @param {string[]} photos as base64 */
async function shoot(page, draft, index, photos) {
  let next = draft;
  for (const bytes of photos) {
    const photo = await page.store.savePhoto({bytes: bytesOf(bytes), type: 'image/jpeg'});
    page.tell('shot', {person: page.store.personId, sha256: photo.sha256});
    next = checks.addPhoto(next, index, {...photo, taken: isoWithOffset(Date.now())});
    await keep(page, next);
  }
  return next;
}

/** @type {Record<string, (page: any, how: any) => Promise<any>>} */
export const acts = {
  /** A check from its first item to the saved record; `taps` of two: the second before the first is through. */
  async check(page, {kind, unit, about, items, taps}) {
    let draft = checks.newDraft({kind, unit, acting: unit, about, started: isoWithOffset(Date.now())});
    for (const item of items) draft = await addTo(page, draft, item);
    await Promise.all(Array.from({length: taps}, () => commit(page, draft)));
  },

  /** A move of a case, from its first word to the saved record. */
  async move(page, {case: id, code, unit, text, cause, owner, day, photos, taps}) {
    const way = /** @type {any} */ ({move: {code}, acting: unit});
    let draft = newMove(/** @type {any} */ ({id, unit}), way, Date.now());
    draft = checks.note(draft, 0, text);
    for (const [field, value] of Object.entries({cause, owner, day})) {
      if (value) draft = choose(draft, /** @type {any} */ (field), value);
    }
    await keep(page, draft);
    draft = await shoot(page, draft, 0, photos);
    await Promise.all(Array.from({length: taps}, () => commit(page, draft)));
  },

  /** A draft that was left lying is finished. */
  async finish(page, {draft: id}) {
    const draft = await page.store.draft(id);
    if (draft) await commit(page, draft);
  },

  async withdraw(page, {id, unit, reason}) {
    const content = withdrawal({id, unit, acting: unit}, reason, Date.now());
    saved(page, await page.store.commitFact(await freeze(content)));
  },

  async confirm(page, {id, unit}) {
    const content = confirmation({id, unit, acting: unit}, Date.now());
    saved(page, await page.store.commitFact(await freeze(content)));
  },

  /** Any other content, as a later release might make it. */
  async other(page, {open}) {
    saved(page, await page.store.commitFact(await freeze({open, personal: null})));
  },

  /** The record once more, with an item more or changed. */
  async correct(page, {id, item}) {
    const record = await page.store.record(id);
    if (!record) return;
    await commit(page, await addTo(page, correction(record, Date.now()), item));
  },

  async retry(page, {id}) {
    await page.store.retry(id);
  },

  async dismiss(page, {id}) {
    await page.store.dismiss(id);
    page.tell('dismissed', {person: page.store.personId, id});
  },

  async sync(page) {
    await page.engine.sync();
  },
};
