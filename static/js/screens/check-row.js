/** One item of a check: two taps for the verdict, and below them, when opened, criteria, photos, a note. */

import {html, nothing} from 'lit';
import {
  addItem,
  addPhoto,
  answer,
  clear,
  fail,
  isJudged,
  noneCame,
  note,
  passWhole,
  putItemBack,
  putPhotoBack,
  removeItem,
  removePhoto,
  speak,
  verdictOf,
} from '../domain/checks.js';
import {mark} from '../domain/marks.js';
import {isSingle} from '../domain/subjects.js';
import {criteria} from '../ui/criteria.js';
import {noteField, photoStrip} from '../ui/evidence.js';
import {icon} from '../ui/icons.js';
import {failed, t, tOr} from '../ui/language.js';
import {grouped} from '../ui/numbers.js';
import {afterPaint} from '../ui/paint.js';
import {voiceField, voiceNote} from '../ui/voice.js';
import {faultChip, faultOf} from './check-counts.js';
import '../ui/photo.js';

/**
 * @typedef {import('./check.js').Check} Check
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Kind} Kind
 * @typedef {import('../domain/draws.js').Listed} Listed
 */

/** @param {Check} screen @param {Draft} draft @param {Kind} kind @param {number} index @param {Listed|null} listed */
export function itemRow(screen, draft, kind, index, listed) {
  const item = draft.items[index];
  const capture = kind.type === 'capture';
  const judged = isJudged(kind);
  const verdict = verdictOf(item, kind);
  const opened = screen.opened === item.subject;
  return html`
    <li class="item ${verdict ? `item-${verdict}` : ''}" data-index=${index} data-subject=${item.subject} data-verdict=${verdict ?? nothing}>
      <div class="item-head">
        <span class="item-number mono">${screen.look.rowName(draft, kind, index)}</span>
        ${
          capture
            ? nothing
            : html`
          <button type="button" class="item-more" aria-expanded=${opened} @click=${() => (screen.opened = opened ? null : item.subject)}>
            <span class="visually-hidden">${t('details')} ${item.subject}</span>${icon('down', opened ? 'turned' : '')}</button>`
        }
      </div>
      ${item.warning ? html`<span class="chip chip-warn">${icon('warn')}${t(`warning.${item.warning}`)}</span>` : nothing}
      ${faultChip(faultOf(screen, item))}
      ${listed ? about(listed, draft) : nothing}
      ${screen.form?.parts(screen, draft, kind, index, Boolean(listed)) ?? nothing}
      ${
        !judged
          ? nothing
          : verdicts(item.subject, item.verdict === 'fail' && !verdict ? 'fail' : verdict, {
              pass: () => {
                screen.opened = null;
                screen.step(verdict === 'pass' && !opened ? clear : passWhole, index);
              },
              fail: () => {
                screen.step(fail, index);
                open(screen, item.subject);
              },
            })
      }
      ${!opened && verdict === 'fail' ? html`<p class="item-faults">${t('item.faults', {list: faults(item, kind)})}</p>` : nothing}
      ${opened || capture ? detail(screen, draft, kind, index) : nothing}
    </li>`;
}

/**
 * The criteria, after the answer itself has been painted: on a slow phone they are as much work again.
 * @param {Check} screen @param {string} subject
 */
function open(screen, subject) {
  afterPaint(() => {
    const item = screen.draft?.items.find((one) => one.subject === subject);
    if (item?.verdict === 'fail') screen.opened = subject;
  });
}

/** An item of the draw before its first answer: the answer puts it into the check. @param {Check} screen @param {Listed} listed */
export function listedRow(screen, listed) {
  const put = (/** @type {(draft: Draft, index: number) => Draft} */ work) => {
    const draft = withListed(/** @type {Draft} */ (screen.draft), screen.kind, listed);
    screen.change(work(draft, draft.items.length - 1));
  };
  return html`
    <li class="item" data-subject=${listed.number}>
      <div class="item-head"><span class="item-number mono">${grouped(listed.number)}</span></div>
      ${about(listed, screen.draft)}
      ${verdicts(listed.number, null, {
        pass: () => put(passWhole),
        fail: () => {
          put(fail);
          open(screen, listed.number);
        },
      })}
    </li>`;
}

/** @param {Draft} draft @param {Kind|null} kind @param {Listed} listed */
export function withListed(draft, kind, {number, class: mail, tag, captures}) {
  const ids = captures.map(({id}) => id);
  return addItem(draft, {subject: number, class: mail, tag: kind?.tag === 'optional' ? tag : null, captures: ids});
}

/** What the list and the carrier say of it. @param {Listed} listed */
export function aboutText(listed) {
  return [
    listed.class ? tOr(`class.${listed.class}`, listed.class) : '',
    listed.route ? t('route', {route: listed.route}) : '',
    listed.tag ?? '',
    listed.name ?? '',
    listed.words ?? '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** @param {Listed} listed @param {Draft|null} draft */
function about(listed, draft) {
  const words = aboutText(listed);
  const photos = listed.captures.flatMap(({photos}) => photos);
  return html`
    ${words ? html`<p class="item-about">${words}</p>` : nothing}
    ${
      photos.length
        ? html`<div class="photos">${photos.map(({sha256}, i) => html`<tc-photo paper sha256=${sha256} label="${listed.number} ${i + 1}" .marks=${draft?.marks?.[sha256] ?? []}></tc-photo>`)}</div>`
        : listed.words !== undefined
          ? nothing
          : html`<p class="item-about">${icon('photo')} ${t('verdict.no-photo')}</p>`
    }
    ${listed.captures.map(({voice: said}) => (said ? voiceNote(said, listed.number) : nothing))}`;
}

/** @param {string} subject @param {string|null} given @param {{pass: () => void, fail: () => void}} on */
function verdicts(subject, given, on) {
  return html`
    <div class="verdicts" role="group" aria-label="${t('verdict')} ${subject}">
      <button type="button" class="verdict verdict-pass" aria-pressed=${given === 'pass'} @click=${on.pass}>${icon('check')}<span>${t('verdict.pass')}</span></button>
      <button type="button" class="verdict verdict-fail" aria-pressed=${given === 'fail'} @click=${on.fail}>${icon('cross')}<span>${t('verdict.fail')}</span></button>
    </div>`;
}

/** @param {import('../domain/types.js').Item} item @param {Kind} kind */
export function faults(item, kind) {
  return kind.criteria
    .filter(({code}) => item.answers[code] === 'fail')
    .map(failed)
    .join(t('list.and'));
}

/** @param {Check} screen @param {import('../domain/types.js').Item} item @param {string} sha256 */
function takePhoto(screen, {subject, photos}, sha256) {
  const at = photos.findIndex((one) => one.sha256 === sha256);
  const marks = screen.draft?.marks?.[sha256] ?? [];
  const indexIn = (/** @type {Draft} */ draft) => draft.items.findIndex((one) => one.subject === subject);
  screen.takeOut(
    (draft) => removePhoto(draft, indexIn(draft), sha256),
    (draft) => (indexIn(draft) < 0 ? draft : mark(putPhotoBack(draft, indexIn(draft), photos[at], at), sha256, marks)),
    t('undo.photo'),
  );
}

/** Of a choice made in advance nothing is said yet. @param {Check} screen @param {import('../domain/types.js').Item} item */
function voice(screen, {subject, voice: said}) {
  const put = (/** @type {import('../domain/types.js').VoiceName|null} */ one) => (/** @type {Draft} */ draft) => {
    const index = draft.items.findIndex((item) => item.subject === subject);
    return index < 0 ? draft : speak(draft, index, one);
  };
  return voiceField({
    voice: said,
    label: subject,
    add: (one) => screen.step(put(one)),
    remove: () => screen.takeOut(put(null), put(said ?? null), t('undo.voice')),
  });
}

/** @param {Check} screen @param {import('../domain/types.js').Item} item @param {number} index */
function takeItem(screen, item, index) {
  screen.takeOut(
    (draft) => removeItem(draft, index),
    (draft) => putItemBack(draft, index, item),
    t('undo.item'),
  );
}

/** @param {Check} screen @param {Draft} draft @param {Kind} kind @param {number} index */
export function detail(screen, draft, kind, index) {
  const item = draft.items[index];
  return html`
    <div class="item-detail stack">
      ${item.verdict === 'fail' ? html`<p class="item-faults" role="status">${faults(item, kind) ? t('item.faults', {list: faults(item, kind)}) : t('lack.criterion')}</p>` : nothing}
      ${kind.criteria.length ? criteria({kind, item, name: `c${index}`, set: (code, value) => screen.step(answer, index, code, value), setNone: (group) => screen.step(noneCame, index, kind, group)}) : nothing}
      ${
        kind.type === 'selection'
          ? nothing
          : photoStrip({
              photos: item.photos,
              label: item.subject,
              marks: draft.marks,
              big: kind.type === 'capture' || kind.photo === 'always',
              paper: kind.type === 'capture',
              add: (photo) =>
                screen.step(
                  addPhoto,
                  (screen.draft ?? draft).items.findIndex(({subject}) => subject === item.subject),
                  photo,
                ),
              remove: (sha256) => takePhoto(screen, item, sha256),
            })
      }
      ${noteField({id: `note-${index}`, value: item.note, change: (text) => screen.step(note, index, text)})}
      ${kind.type === 'selection' ? nothing : voice(screen, item)}
      ${isSingle(kind) ? nothing : html`<p><button type="button" class="button button-quiet button-small" @click=${() => takeItem(screen, item, index)}>${icon('trash')}<span>${t('item.remove')}</span></button></p>`}
    </div>`;
}
