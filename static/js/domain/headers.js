/** The head of a form: what its fields may hold, and what of it travels in the open. The server checks the same. */

const MOST = 10_000_000; // of a count, or of fen

/**
 * @typedef {import('./types.js').Kind} Kind
 * @typedef {Record<string, any>|undefined} Header
 */

/** Whether nothing was said: zero is something, an empty list is not. @param {any} value */
function isEmpty(value) {
  return value === undefined || value === null || (value.length === 0 && typeof value === 'object') || isBlank(value);
}

/** @param {any} value */
function isBlank(value) {
  return typeof value === 'string' && !value.trim();
}

/**
 * Codes of the fields that are required and empty, or hold what cannot be.
 * @param {Header} header @param {Kind} kind @returns {string[]}
 */
export function headerLacks(header = {}, {fields = []}) {
  return fields
    .filter((field) => (isEmpty(header[field.code]) ? field.required : !fits(field.type, header[field.code])))
    .map(({code}) => code);
}

/** @param {string} type @param {any} value */
function fits(type, value) {
  return !['count', 'money'].includes(type) || (Number.isInteger(value) && value >= 0 && value <= MOST);
}

/** The open part: of a text only its length in characters. @param {Header} header @param {Kind} kind */
export function openHeader(header = {}, {fields = []}) {
  /** @type {Record<string, any>} */
  const open = {};
  for (const {code, type} of fields) {
    const value = header[code];
    if (isEmpty(value)) continue;
    open[code] = type === 'text' ? [...value.trim()].length : value;
  }
  return open;
}

/** The texts, under the names that they have among the notes. @param {Header} header @param {Kind} kind @returns {Record<string, string>} */
export function textsOf(header = {}, {fields = []}) {
  const texts = fields.filter(({code, type}) => type === 'text' && !isEmpty(header[code]));
  return Object.fromEntries(texts.map(({code}) => [`header.${code}`, header[code].trim()]));
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
  const found = /^(\d{1,6})(?:\.(\d{1,2}))?$/.exec(plain);
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : Number.NaN;
}

/** Lines as one types them: without blanks, none twice. @param {string} text @returns {string[]} */
export function readLines(text) {
  const lines = text.split(/\r?\n/).map((line) => line.trim().slice(0, 200));
  return [...new Set(lines.filter(Boolean))];
}

/**
 * What came less what went; null while a count is not known. Positive: some are missing. Negative: too many.
 * @param {Header} header @param {{came: string[], went: string[]}} sums @returns {number|null}
 */
export function difference(header = {}, {came, went}) {
  if (![...came, ...went].every((code) => Number.isInteger(header[code]))) return null;
  const sum = (/** @type {string[]} */ codes) => codes.reduce((total, code) => total + header[code], 0);
  return sum(came) - sum(went);
}
