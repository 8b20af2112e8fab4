/** What a saved record says beside its items: the head of the form, volumes, a change of the register. */

import {html, nothing} from 'lit';
import {MOVE} from '../domain/cases.js';
import {dayText} from '../ui/dates.js';
import {named, t, tOr} from '../ui/language.js';
import {moveText} from './case-card.js';
import {causeText} from './case-parts.js';
import {titleOf as caseTitle} from './case-title.js';
import {pointName} from './point-card.js';

/**
 * @typedef {import('../domain/types.js').Open} Open
 * @typedef {import('../domain/types.js').Personal} Personal
 * @typedef {import('../domain/types.js').Point} Point
 * @typedef {import('../domain/types.js').Route} Route
 * @typedef {import('../domain/types.js').HeadValue} HeadValue
 */

/** @param {Open} open @param {Personal} personal its texts @param {import('../domain/types.js').Kind|null} kind @param {{people: {id: string, name: string}[], routes?: Route[]}} data */
export function headOf({header = {}}, {notes = {}}, kind, {people, routes = []}) {
  const names = new Map([...people, ...routes].map(({id, name}) => [id, name]));
  const rows = (kind?.fields ?? []).filter(({code}) => header[code] !== undefined);
  if (!rows.length) return nothing;
  return html`<section class="card"><dl class="facts">${rows.map(
    (field) => html`<div><dt>${named(field)}</dt><dd>${shownValue(field, header[field.code], notes, names)}</dd></div>`,
  )}</dl></section>`;
}

/** @param {import('../domain/types.js').Field} field @param {HeadValue} value @param {Record<string, string>} notes @param {Map<string, string>} names */
function shownValue({code, type, options = []}, value, notes, names) {
  if (value === null || value === undefined) return t('field.unknown');
  if (type === 'text') return notes[`header.${code}`] ?? t('field.gone', {n: value});
  if (type === 'money') return `¥${(Number(value) / 100).toFixed(2)}`;
  if (type === 'choice') return named(options.find((option) => option.code === value)) || value;
  if (type === 'route') return names.get(String(value)) ?? '—';
  if (!Array.isArray(value)) return String(value);
  if (type === 'people') return value.map((id) => names.get(id) ?? '—').join('、');
  if (type === 'problems' || type === 'settled') return String(value.length);
  return value.map((row) => html`<span class="line">${row}</span>`);
}

/**
 * What a record without items says; null: it is of another sort.
 * @param {Open} open @param {Personal} personal @param {{points: Point[], routes: Route[], people: {id: string, name: string}[],
 *   cases: import('../domain/cases.js').Case[]}} data
 */
export function toldOf(open, personal, data) {
  if (open.type === MOVE) return caseStep(open, personal, data);
  if (open.type === 'volume') return card(volumes(open));
  return open.type === 'point' ? card(change(open, personal, data)) : null;
}

/** A step of a case: which, and all that was said with it. @param {Open} open @param {Personal} personal @param {Parameters<typeof toldOf>[2]} data */
function caseStep(open, {notes = {}}, {cases, people}) {
  const row = cases.find(({id}) => id === open.case) ?? null;
  const photos = open.photos ?? [];
  /** @type {(Row|null)[]} */
  const rows = [
    [t('type.case-move'), moveText({open: JSON.stringify(open)}, row)],
    row && [t('title.case'), html`<a href="/app/case/${row.id}">${caseTitle(row)}</a>`],
    open.cause ? [t('move.cause'), causeText(open.cause)] : null,
    open.owner ? [t('move.owner'), people.find(({id}) => id === open.owner)?.name ?? '—'] : null,
    open.day ? [t('move.day'), dayText(open.day)] : null,
    notes.text ? [t('move.text'), notes.text] : null,
    photos.length
      ? [
          t('move.photo'),
          html`<div class="photos">${photos.map(({sha256}, i) => html`<tc-photo sha256=${sha256} label="${t('move.photo')} ${i + 1}"></tc-photo>`)}</div>`,
        ]
      : null,
  ];
  return card(rows.flatMap((one) => (one ? [one] : [])));
}

/** @typedef {[string, unknown]} Row label and value */

/** @param {Row[]} rows */
function card(rows) {
  return html`<section class="card" data-told><dl class="facts">${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl></section>`;
}

/** @param {Open} open @returns {Row[]} */
function volumes({volumes = {}, returned: together}) {
  /** @type {Row[]} */
  const all = together === undefined ? [] : [[t('volumes.together'), together ?? t('field.unknown')]];
  const rows = Object.entries(volumes).map(([code, {items, returned}]) => [
    tOr(`class.${code}`, code),
    html`${items === null ? t('field.unknown') : t('items', {n: items})}${returned === null ? nothing : html` · ${t('volumes.returned')} ${returned}`}`,
  ]);
  return [.../** @type {Row[]} */ (rows), ...all];
}

/** @param {Open} open @param {Personal} personal @param {{points: Point[], routes: Route[]}} data @returns {Row[]} */
function change({point: id, op, day, values = {}, reason}, personal, {points, routes}) {
  const name = pointName(points, id ?? '') ?? values.name ?? '—';
  const changed = Object.entries({...values, ...personal}).map(([code, value]) => [
    t(LABELS[code]),
    worded(code, value, routes),
  ]);
  const why = reason ? [[t('register.close-reason'), reason]] : [];
  return /** @type {Row[]} */ ([
    [t('type.point'), name],
    [t(`register-op.${op}`), dayText(day ?? '')],
    ...changed,
    ...why,
  ]);
}

/** @type {Record<string, string>} */
const LABELS = {
  name: 'register.name',
  kind: 'point.kind',
  address: 'point.address',
  route: 'point.route',
  agreement: 'register.agreement',
  latitude: 'register.latitude',
  longitude: 'register.longitude',
  photo: 'register.photo',
  keeper: 'point.keeper',
  contact: 'register.contact',
  note: 'note',
};

/** @param {string} code @param {unknown} value @param {Route[]} routes */
function worded(code, value, routes) {
  if (value === null) return '—';
  if (code === 'photo')
    return html`<tc-photo sha256=${/** @type {{sha256: string}} */ (value).sha256} label=${t('register.photo')}></tc-photo>`;
  if (code === 'kind') return tOr(`point.${value}`, String(value));
  if (code === 'agreement') return tOr(`agreement.${value}`, String(value));
  const route = code === 'route' && routes.find(({id}) => id === value);
  return route ? route.name || route.code : code === 'route' ? '—' : String(value);
}
