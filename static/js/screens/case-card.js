/** Small shapes of a case that its list, its screen and the records share: what it is, how heavy, by when, what comes next. */

import {html, nothing} from 'lit';
import {deadlineOf, moveOf, stateOf, typeOf} from '../domain/cases.js';
import {openOf} from '../domain/facts.js';
import {weightOf} from '../domain/severities.js';
import {icon} from '../ui/icons.js';
import {named, t, tOr} from '../ui/language.js';
import {phone} from '../ui/phone.js';

const WEIGHTS = [
  ['quiet', 'info'],
  ['warn', 'warn'],
  ['bad', 'stop'],
]; // colour and shape, from the lightest on
const CALM = {quiet: 'clock', warn: 'clock', bad: 'stop'};

/**
 * @typedef {import('../domain/cases.js').Case} Case
 * @typedef {import('../domain/cases.js').Standing} Standing
 */

/** @param {string} code */
export function severityChip(code) {
  const {severities = []} = phone.caseRules ?? {};
  const [tone, shape] = WEIGHTS[weightOf(phone.caseRules, code)];
  return html`<span class="chip chip-${tone}" data-severity=${code}>${icon(shape)}${named(severities.find((one) => one.code === code)) || code}</span>`;
}

/** By when, from today: never green. @param {string|null} due @param {string} today */
export function dueChip(due, today) {
  if (!due) return nothing;
  const {code, n, tone} = deadlineOf(due, today);
  return html`<span class="chip chip-${tone}" data-due=${code}>${icon(CALM[tone])}${t(`due.${code}`, {n})}</span>`;
}

/** Its type and where it stands; what only this phone says so far is told apart. @param {Standing} standing */
export function stateChip({type, row, state, changed}) {
  const name = named(stateOf(type, state)) || state;
  const what = `${named(type) || row.type} · ${changed ? t('case.expected', {state: name}) : name}`;
  return html`<span class="chip chip-quiet ${changed ? 'case-expected' : ''}" data-stands=${state}>${icon(changed ? 'phone' : 'case')}${what}</span>`;
}

/** @param {string[]} needs */
export function needsText(needs) {
  return needs.map((need) => t(`need.${need}`)).join(t('need.and'));
}

/** What this person does next, or for whom it waits. @param {Standing} standing */
export function nextText({row, ways, group, ahead}) {
  if (group === 'ended') return '';
  if (ahead.length && group === 'waiting') return t(isSent(ahead) ? 'case.sent' : 'case.unconfirmed');
  if (group === 'waiting') return waitText(row);
  const onward = ways.filter(({move}) => move.to);
  if (!onward.length) return t('case.desk');
  const what = onward.map(({move}) => named(move)).join(t('list.and'));
  const needs = onward.length === 1 ? needsText(onward[0].move.needs) : '';
  return t(needs ? 'case.next-needs' : 'case.next', {what, needs});
}

/** Whether the server has taken all of it in; only its news are missing. @param {{state: string}[]} ahead */
export function isSent(ahead) {
  return ahead.every(({state}) => state === 'stored');
}

/** @param {Case} row */
function waitText({late, owner}) {
  return tOr(`case-wait.${late}`, t('case.wait'), {name: ownerText(owner)});
}

/** @param {Case['owner']} owner */
export function ownerText(owner) {
  return owner?.name || t('case.leads');
}

/** Which items it is about, by name; nothing where that is the place itself. @param {Case} row @param {number} most */
export function subjectsText({subjects, count, place}, most) {
  const named = subjects.filter((one) => one !== place.name).slice(0, most);
  if (!named.length) return count > 1 ? t('case.count', {n: count}) : '';
  return named.join(t('need.and')) + (count > named.length ? ` … ${t('case.count', {n: count})}` : '');
}

/** Who found it: by name, or a team where that was done covertly. @param {Case} row */
export function finderText({finder, kind}) {
  return finder ?? (kind ? t('case.covert') : '');
}

/** How a recorded move is called: that of the case's type, else of any. @param {{open: string}} record @param {Case|null} row */
export function moveText(record, row) {
  const code = openOf(record).move;
  const types = row ? [typeOf(phone.caseRules, row.type)] : (phone.caseRules?.types ?? []);
  return named(types.map((type) => moveOf(type, code)).find(Boolean)) || t('type.case-move');
}
