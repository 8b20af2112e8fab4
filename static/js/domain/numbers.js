/** Item numbers of express, registered and parcel mail [DOMAIN 2]. A strange number is a warning, never a refusal. */

export const LONGEST = 40;
export const WARNINGS = ['check-digit', 'strange'];

const S10 = /^[A-Z]{2}\d{9}[A-Z]{2}$/;
const DOMESTIC = /^(\d{13}|[A-Z]{2}\d{11})$/;
const WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7];

/**
 * Reads what was typed or scanned.
 * @param {string} text
 * @returns {{number: string, form: 's10'|'domestic'|'strange',
 *   warning: null|'check-digit'|'strange'|'empty'|'too-long'}} `empty` and `too-long` cannot be saved, the others can
 */
export function readNumber(text) {
  const number = tidied(text);
  if (S10.test(number)) return {number, form: 's10', warning: checks(number) ? null : 'check-digit'};
  if (DOMESTIC.test(number)) return {number, form: 'domestic', warning: null};
  return {number, form: 'strange', warning: strangeness(number)};
}

/** Whether a number has the form of an item's: thirteen digits, two letters and eleven, or S10 with its check digit. @param {string} number */
export function isRegular(number) {
  return DOMESTIC.test(number) || (S10.test(number) && checks(number));
}

/** The last four digits of a number of a known form, by which people call it; null of any other. @param {string} number */
export function tailOf(number) {
  if (S10.test(number)) return number.slice(-6, -2);
  return DOMESTIC.test(number) ? number.slice(-4) : null;
}

/**
 * Numbers as one pastes them, a line each or apart by commas: each in its one spelling, none twice, none cut.
 * @param {string} text @returns {string[]}
 */
export function readNumbers(text) {
  const numbers = text.split(/[\r\n\t,，;；、]+/).map((one) => readNumber(one).number);
  return [...new Set(numbers.filter(Boolean))];
}

/** Full-width letters become plain ones; spaces and every kind of dash go. @param {string} text */
function tidied(text) {
  return text
    .normalize('NFKC')
    .replace(/[\s\p{Pd}\p{Cc}\p{Cf}]/gu, '')
    .toUpperCase()
    .normalize('NFKC'); // what stood apart before may now compose
}

/** @param {string} number */
function strangeness(number) {
  if (!number) return 'empty';
  return [...number].length > LONGEST ? 'too-long' : 'strange';
}

/** The check digit of a UPU S10 number: 11 − weighted sum mod 11, 10 → 0, 11 → 5. @param {string} number */
function checks(number) {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(number[i + 2]), 0);
  const digit = 11 - (sum % 11);
  return Number(number[10]) === (digit === 10 ? 0 : digit === 11 ? 5 : digit);
}
