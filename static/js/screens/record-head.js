/** What a saved record says beside its items: the head of the form, and what an item without a number is called. */

import {html, nothing} from 'lit';
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
