/** What a saved record says beside its items: the head of the form, volumes, a change of the register; and what an item without a number is called. */

import {html, nothing} from 'lit';
import {dayText} from '../ui/dates.js';
import {named, t, tOr} from '../ui/language.js';

/** @param {any} header @param {any} notes the personal texts @param {any} kind @param {{people: any[]}} data */
export function headOf(header = {}, notes = {}, kind, {people}) {
  const names = new Map(people.map(({id, name}) => [id, name]));
  const rows = (kind?.fields ?? []).filter((/** @type {any} */ {code}) => header[code] !== undefined);
  if (!rows.length) return nothing;
  return html`<section class="card"><dl class="facts">${rows.map(
    (/** @type {any} */ field) =>
      html`<div><dt>${named(field)}</dt><dd>${shownValue(field, header[field.code], notes, names)}</dd></div>`,
  )}</dl></section>`;
}

/** @param {any} field @param {any} value @param {any} notes @param {Map<string, string>} names */
function shownValue({code, type, options = []}, value, notes, names) {
  if (value === null) return t('field.unknown');
  if (type === 'text') return notes[`header.${code}`] ?? t('field.gone', {n: value});
  if (type === 'money') return `¥${(value / 100).toFixed(2)}`;
  if (type === 'choice') return named(options.find((/** @type {any} */ one) => one.code === value)) || value;
  if (type === 'people') return value.map((/** @type {string} */ id) => names.get(id) ?? '—').join('、');
  if (type === 'problems' || type === 'settled') return String(value.length);
  return Array.isArray(value) ? value.map((one) => html`<span class="line">${one}</span>`) : String(value);
}

/**
 * What a record without items says; null: it is of another sort.
 * @param {any} open @param {any} personal @param {{points: any[], routes: any[]}} data
 */
export function toldOf(open, personal, data) {
  if (open.type === 'volume') return card(volumes(open));
  return open.type === 'point' ? card(change(open, personal, data)) : null;
}

/** @typedef {[string, unknown]} Row label and value */

/** @param {Row[]} rows */
function card(rows) {
  return html`<section class="card" data-told><dl class="facts">${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl></section>`;
}

/** @param {any} open @returns {Row[]} */
function volumes({volumes = {}, returned: together}) {
  /** @type {Row[]} */
  const all = together === undefined ? [] : [[t('volumes.together'), together ?? t('field.unknown')]];
  const rows = Object.entries(volumes).map(([code, {items, returned}]) => [
    tOr(`class.${code}`, code),
    html`${items === null ? t('field.unknown') : t('items', {n: items})}${returned === null ? nothing : html` · ${t('volumes.returned')} ${returned}`}`,
  ]);
  return [.../** @type {Row[]} */ (rows), ...all];
}

/** @param {any} open @param {any} personal @param {{points: any[], routes: any[]}} data @returns {Row[]} */
function change({point: id, op, day, values = {}, reason}, personal, {points, routes}) {
  const name = points.find((point) => point.id === id)?.name ?? values.name ?? '—';
  const said = Object.entries({...values, ...personal}).map(([code, value]) => [
    t(LABELS[code]),
    worded(code, value, routes),
  ]);
  const why = reason ? [[t('register.close-reason'), reason]] : [];
  return /** @type {Row[]} */ ([[t('type.point'), name], [t(`register-op.${op}`), dayText(day)], ...said, ...why]);
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

/** @param {string} code @param {any} value @param {any[]} routes */
function worded(code, value, routes) {
  if (value === null) return '—';
  if (code === 'photo') return html`<tc-photo sha256=${value.sha256} label=${t('register.photo')}></tc-photo>`;
  if (code === 'kind') return tOr(`point.${value}`, value);
  if (code === 'agreement') return tOr(`agreement.${value}`, value);
  const route = code === 'route' && routes.find(({id}) => id === value);
  return route ? route.name || route.code : code === 'route' ? '—' : String(value);
}

/** The stratum and address of a letter, the dash of a record about no thing; null: its number. @param {any} item @param {any} kind */
export function labelled(item, kind) {
  if (kind?.subject === 'none') return named(kind);
  if (kind?.subject !== 'letter') return null;
  const stratum = kind.strata?.find((/** @type {any} */ {code}) => code === item.stratum);
  return [
    stratum ? named(stratum) : t('letters.one'),
    item.tag,
    item.class ? tOr(`class.${item.class}`, item.class) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
