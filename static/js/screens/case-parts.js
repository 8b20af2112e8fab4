/** The parts of a case's screen that only show: its head, what was found, its history, what waits or was refused. */

import {html, nothing} from 'lit';
import {moveOf, stateOf, typeOf} from '../domain/cases.js';
import {openOf, personalOf} from '../domain/facts.js';
import {dayText, nearDayText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {named, t} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {notice} from '../ui/screen.js';
import {stateChip as recordChip, stateOf as recordState} from '../ui/status.js';
import {voiceNote} from '../ui/voice.js';
import {
  dueChip,
  finderText,
  isSent,
  moveText,
  nextText,
  ownerText,
  severityChip,
  stateChip,
  subjectsText,
} from './case-card.js';
import {criterionOf, titleOf} from './case-title.js';
import {problemText, remedyText} from './problem-text.js';
import '../ui/photo.js';

/**
 * @typedef {import('../domain/types.js').Rec} Rec
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').PhotoName} PhotoName
 * @typedef {import('../domain/cases.js').Case} Case
 * @typedef {import('../domain/cases.js').Standing} Standing
 * @typedef {import('./case.js').CaseData} CaseData
 */

/** What it is, how heavy, by when, and what comes next. @param {Standing} standing @param {CaseData} data */
export function headOf(standing, {today, parent}) {
  const {row, due, group, ahead} = standing;
  const next = ahead.length ? '' : nextText(standing);
  return html`
    <section class="card stack-tight" data-head>
      <p class="row">${dueChip(due, today)}${severityChip(row.severity)}${stateChip(standing)}${row.recurs ? html`<span class="chip chip-warn">${icon('undo')}${t('case.recurs')}</span>` : nothing}</p>
      <h2 class="case-title">${titleOf(row)}</h2>
      ${row.asked ? html`<p><span class="chip chip-warn">${icon('clock')}${t('case.asked')}</span></p>` : nothing}
      ${parent ? html`<p>${disputed(row, parent)}</p><p><a href="/app/case/${parent.id}">${t('case.parent')}</a></p>` : nothing}
      ${next ? html`<p class="case-next" data-next>${icon(group === 'waiting' ? 'clock' : 'next')}<span>${next}</span></p>` : nothing}
    </section>`;
}

/** Where, whose, what is asked, found when and by whom. @param {Standing} standing @param {CaseData} data */
export function factsOf({row}, {names}) {
  const criterion = criterionOf(row);
  const place = [...new Set([names.get(row.unit), row.place.name].filter(Boolean))].join(' · ');
  const from = row.by.unit === row.unit ? '' : (names.get(row.by.unit) ?? row.by.name);
  const by = [finderText(row), from].filter(Boolean).join(' · ');
  const facts = [
    ['case.what', named(phone.kind(row.kind))],
    ['case.standard', criterion ? named(criterion) : ''],
    ['case.where', place],
    ['case.subjects', subjectsText(row, row.subjects.length)],
    ['case.found', [dayText(row.found), by].filter(Boolean).join(' · ')],
    ['case.owner', ownerText(row.owner)],
    ['case.deadline', row.deadline ? dayText(row.deadline) : ''],
    ['case.due', row.due && row.due !== row.deadline && !row.ended ? dayText(row.due) : ''],
  ];
  return html`<section class="card"><dl class="facts">${facts.filter(([, value]) => value).map(([label, value]) => html`<div><dt>${t(label)}</dt><dd>${value}</dd></div>`)}</dl></section>`;
}

/** A case about another was opened by a move of that one: its words stand there. @param {Case} row @param {Case} parent */
function disputed({id}, parent) {
  return parent.history.find((step) => step.id === id)?.text ?? nothing;
}

/** The words and photos of who found it. @param {Case} row */
export function found(row) {
  if (!row.text && !row.about && !row.photos.length && !row.voices?.length) return nothing;
  return html`
    <section class="card stack-tight" data-found><h2 class="card-title">${t('case.seen')}</h2>
      ${row.about ? html`<p>${named(row.about)}</p>` : nothing}${row.text ? html`<p>${row.text}</p>` : nothing}${voicesOf(row)}${photosOf(row.photos, t('case.before'))}</section>`;
}

/** Before and after, beside each other: what was found, and what the last answer shows. @param {Case} row */
export function compared(row) {
  const answer = [...row.history].reverse().find(({photos, text}) => photos.length || text);
  if (!answer) return found(row);
  return html`
    <section class="card case-compared" data-compared>
      <div class="stack-tight"><h2 class="card-title">${t('case.before')}</h2>${photosOf(row.photos, t('case.before'))}${row.text ? html`<p>${row.text}</p>` : nothing}${voicesOf(row)}</div>
      <div class="stack-tight"><h2 class="card-title">${t('case.after')}</h2>${photosOf(answer.photos, t('case.after'))}${answer.text ? html`<p>${answer.text}</p>` : nothing}</div>
    </section>`;
}

/** An older server tells of none. @param {Case} row */
function voicesOf({voices = []}) {
  return voices.map((voice, i) => voiceNote(voice, `${t('case.before')} ${i + 1}`));
}

/** @param {PhotoName[]} photos @param {string} label */
function photosOf(photos, label) {
  if (!photos.length) return nothing;
  return html`<div class="photos">${photos.map(({sha256}, i) => html`<tc-photo sha256=${sha256} label="${label} ${i + 1}"></tc-photo>`)}</div>`;
}

/** Everything that was done, the first step first, and what waits on this phone. @param {Standing} standing @param {CaseData} data */
export function historyOf({row, type, ahead}, data) {
  const told = row.history.map((step) => {
    const move = moveOf(type, step.move);
    const by = [step.author, step.unit === row.unit ? '' : (data.names.get(step.unit) ?? '')]
      .filter(Boolean)
      .join(' · ');
    return stepOf({...step, day: nearDayText(step.day), by, done: doneText(move, step.move), waits: null});
  });
  return html`
    <section class="stack-tight" data-history=${told.length}><h2 class="section-title">${t('case.history')}</h2>
      ${told.length || ahead.length ? nothing : html`<p class="muted">${t('case.none-yet')}</p>`}
      <ol class="case-steps">${told}${ahead.map((record) => stepOf({...saidIn(record, row, data), waits: record}))}</ol></section>`;
}

/** @param {import('../domain/cases.js').Move|null} move @param {string} code */
function doneText(move, code) {
  return move ? named({zh: move.done_zh, en: move.done_en}) : code;
}

/** What a record of this phone says, in the shape of a step. @param {Rec} record @param {Case} row @param {CaseData} data */
function saidIn(record, row, data) {
  const open = openOf(record);
  const move = moveOf(typeOf(phone.caseRules, row.type), open.move);
  return {
    id: record.id,
    day: nearDayText(record.date),
    by: phone.person?.name ?? '',
    done: doneText(move, open.move ?? ''),
    text: personalOf(record).notes?.text ?? null,
    cause: open.cause ?? null,
    until: open.day ?? null,
    owner: data.people.find(({id}) => id === open.owner)?.name ?? null,
    photos: open.photos ?? [],
  };
}

/**
 * @param {{id: string, day: string, by: string, done: string, text: string|null, cause: string|null, until: string|null,
 *   owner: string|null, photos: PhotoName[], waits: Rec|null}} step `waits`: it is this phone's and not confirmed yet
 */
function stepOf({id, day, by, done, text, cause, until, owner, photos, waits}) {
  return html`
    <li class="case-step ${waits ? 'case-step-waits' : ''}" data-step=${id}>
      <p class="case-step-top"><b>${done}</b><small class="number">${day} · ${by}</small></p>
      ${waits ? recordChip(recordState(waits)) : nothing}
      ${cause ? html`<p class="small">${t('case.cause', {cause: causeText(cause)})}</p>` : nothing}
      ${owner ? html`<p class="small">${t('case.to', {name: owner})}</p>` : nothing}
      ${until ? html`<p class="small">${t('case.until', {day: dayText(until)})}</p>` : nothing}
      ${text ? html`<p>${text}</p>` : nothing}
      ${photosOf(photos, done)}
    </li>`;
}

/** @param {string} code */
export function causeText(code) {
  return named(phone.caseRules?.causes.find((cause) => cause.code === code)) || code;
}

/** Said here and not confirmed: what it will become, told apart from what the server confirmed. @param {Standing} standing */
export function aheadNotice({ahead, state, changed, type}) {
  if (!ahead.length) return nothing;
  const name = named(stateOf(type, state)) || state;
  return html`<div data-ahead>${notice('info', html`<p><b>${t(isSent(ahead) ? 'case.sent' : 'case.unconfirmed')}</b></p><p>${changed ? t('case.ahead-text', {state: name}) : t('case.ahead-same')}</p>`, 'phone')}</div>`;
}

/** Why the server did not take it, with all that was written. @param {Rec} record @param {Standing} standing @param {(() => void)|null} again */
export function refusedNotice(record, {row}, again) {
  const open = openOf(record);
  const {notes = {}} = personalOf(record);
  const problem = record.problem ?? {code: 'server-error'};
  return html`
    <div data-refused=${record.id} data-problem=${problem.code}>${notice(
      'bad',
      html`
        <p><b>${t('case.refused', {move: moveText(record, row)})}</b></p>
        <p>${problemText(problem)}</p><p>${remedyText(problem)}</p>
        ${notes.text || open.photos?.length ? html`<p class="small">${t('case.refused-kept')}</p>` : nothing}
        ${notes.text ? html`<blockquote class="case-said">${notes.text}</blockquote>` : nothing}
        ${photosOf(open.photos ?? [], t('move.photo'))}
        <p class="row">${again ? html`<button type="button" class="button button-small" data-again @click=${again}>${icon('edit')}<span>${t('case.again')}</span></button>` : nothing}
          <a class="button button-small" href="/app/records/${record.id}">${t('case.record')}</a></p>`,
    )}</div>`;
}

/** A draft whose step can no longer be taken: nothing of it is lost before the person says so. @param {Draft} draft @param {() => void} drop */
export function staleDraft({items: [{note, photos}]}, drop) {
  return html`
    <div data-stale>${notice(
      'warn',
      html`
        <p><b>${t('move.late')}</b></p><p>${t('move.late-text')}</p>
        ${note ? html`<blockquote class="case-said">${note}</blockquote>` : nothing}
        ${photosOf(photos, t('move.photo'))}
        <p><button type="button" class="button button-small" @click=${drop}>${icon('trash')}<span>${t('move.drop')}</span></button></p>`,
    )}</div>`;
}
