/** The head of a form: what its fields may hold, and what of it travels in the open. The server checks the same. */

import {readNumber} from './numbers.js';
import {lengthOf, tidy} from './text-lengths.js';

export const MOST = 10_000_000; // of a count, or of fen
export const MOST_TEXT = 500; // characters of a text
export const MOST_LINE = 200; // of one line of a list
/** @type {Record<string, number>} rows of each sort of list */
export const MOST_ROWS = {list: 20, numbers: 200, people: 200, problems: 200, settled: 200, signature: 20};
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SIGNED = /^[a-z0-9-]{1,32} [0-9A-Z-]{4,10} (?:[0-9a-f]{64}|-)$/; // a duty, its period, the line that was seen

/**
 * @typedef {import('./types.js').Kind} Kind
 * @typedef {import('./types.js').Head} Head
 * @typedef {import('./types.js').HeadValue} HeadValue
 */

/** Whether nothing was said: zero is something, an empty list is not. @param {HeadValue} value */
function isEmpty(value) {
  return (
    value === undefined ||
    value === null ||
    (Array.isArray(value) ? !value.length : typeof value === 'string' && !tidy(value))
  );
}

/**
 * Codes of the fields that are required and empty, or hold what cannot be.
 * @param {Head|undefined} header @param {Kind} kind @returns {string[]}
 */
export function headerLacks(header = {}, {fields = []}) {
  return fields
    .filter((field) => (isEmpty(header[field.code]) ? field.required : !stands(field, header[field.code])))
    .map(({code}) => code);
}

/** @param {import('./types.js').Field} field @param {HeadValue} value */
function stands({type, options = []}, value) {
  return type === 'choice' ? options.some(({code}) => code === value) : fits(type, value);
}

/** @param {string} type @param {HeadValue} value */
export function fits(type, value) {
  if (typeof value === 'number') return !isCounted(type) || (Number.isInteger(value) && value >= 0 && value <= MOST);
  if (isCounted(type)) return false;
  if (type === 'route') return typeof value === 'string' && ID.test(value);
  if (typeof value === 'string') return type !== 'text' || lengthOf(tidy(value)) <= MOST_TEXT;
  if (!Array.isArray(value) || !MOST_ROWS[type]) return true;
  return value.length <= MOST_ROWS[type] && value.every((row) => rowFits(type, row));
}

/** @param {string} type */
function isCounted(type) {
  return type === 'count' || type === 'money';
}

/** @param {string} type @param {string} row */
function rowFits(type, row) {
  if (type === 'list') return lengthOf(row) <= MOST_LINE;
  if (type === 'signature') return SIGNED.test(row);
  return type !== 'numbers' || !['empty', 'too-long'].includes(readNumber(row).warning ?? '');
}

/** The open part: of a text only its length in characters. @param {Head|undefined} header @param {Kind} kind */
export function openHeader(header = {}, {fields = []}) {
  /** @type {Head} */
  const open = {};
  for (const {code, type} of fields) {
    const value = header[code];
    if (isEmpty(value)) continue;
    open[code] = type === 'text' ? lengthOf(tidy(String(value))) : value;
  }
  return open;
}

/** The texts, under the names that they have among the notes. @param {Head|undefined} header @param {Kind} kind @returns {Record<string, string>} */
export function textsOf(header = {}, {fields = []}) {
  const texts = fields.filter(({code, type}) => type === 'text' && !isEmpty(header[code]));
  return Object.fromEntries(texts.map(({code}) => [`header.${code}`, tidy(String(header[code]))]));
}

/**
 * A typed count: null when nothing is there, NaN when it is no whole number. Full-width digits are digits.
 * @param {string} text @returns {number|null}
 */
export function readCount(text) {
  const plain = text.normalize('NFKC').trim();
  if (!plain) return null;
  return /^\d{1,8}$/.test(plain) ? Number(plain) : Number.NaN;
}

/** Yuan with at most two decimals, in fen; null when empty, NaN when it is something else. @param {string} text @returns {number|null} */
export function readMoney(text) {
  const plain = text.normalize('NFKC').trim();
  if (!plain) return null;
  const parts = /^(\d{1,6})(?:\.(\d{1,2}))?$/.exec(plain);
  return parts ? Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0')) : Number.NaN;
}

/** Lines as one types them: without blanks, none twice, none cut. @param {string} text @returns {string[]} */
export function readLines(text) {
  const lines = text.split(/\r?\n/).map(tidy);
  return [...new Set(lines.filter(Boolean))];
}

/**
 * What came less what went; null while a count is not known. Positive: some are missing. Negative: too many.
 * @param {Head|undefined} header @param {{came: string[], went: string[]}} sums @returns {number|null}
 */
export function difference(header = {}, {came, went}) {
  if (![...came, ...went].every((code) => Number.isInteger(header[code]))) return null;
  const sum = (/** @type {string[]} */ codes) => codes.reduce((total, code) => total + Number(header[code]), 0);
  return sum(came) - sum(went);
}
