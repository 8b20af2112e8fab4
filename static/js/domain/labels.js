/** What the camera saw on labels, and what of it is an item's number: a parcel also bears codes of goods, shops and machines. */

import {isRegular, readNumber} from './numbers.js';

/**
 * @typedef {{text: string, format: string}} Label  one that was read; `format` as the reader calls it
 * @typedef {'goods'|'no-number'|'unreadable'|'nothing'} Remark
 * @typedef {{numbers: string[], remark: Remark|null}} News  `numbers` to be taken in, `remark` to be said where none is
 */

const GOODS = new Set(['EAN13', 'EAN8', 'UPCA', 'UPCE', 'ISBN']);
const MATRIX = new Set(['QRCode', 'MicroQRCode', 'DataMatrix']);
const AGAIN = 2500; // ms: the same label within this time after it was last in the picture is the same look
const STRIPED = 1500; // ms of a label that nothing reads
const NOTHING = 8000; // ms of no label at all

/**
 * The numbers on the labels of one picture. Where one has the form of an item's number, the rest is no item: a shop's own number,
 * a code of goods. A number in the form of none is taken only where it stands alone, on a label of bars (DOMAIN 2: a warning, no refusal).
 * @param {Label[]} labels
 * @returns {News}
 */
export function numbersOn(labels) {
  const bars = labels.filter(({format}) => !GOODS.has(format) && !MATRIX.has(format)).map(({text}) => text);
  const inside = labels.filter(({format}) => MATRIX.has(format)).flatMap(({text}) => numbersIn(text));
  const regular = [...bars.map((text) => readNumber(text).number).filter(isRegular), ...inside];
  if (regular.length) return {numbers: [...new Set(regular)], remark: null};
  if (bars.length === 1) return {numbers: bars, remark: null};
  if (!labels.length) return {numbers: [], remark: null};
  return {numbers: [], remark: labels.some(({format}) => GOODS.has(format)) ? 'goods' : 'no-number'};
}

/** A square code holds a number alone or within an address; of several nobody knows which one is meant. @param {string} text */
function numbersIn(text) {
  const found = text.split(/[^0-9A-Za-z]+/).filter((part) => isRegular(part.toUpperCase()));
  const numbers = new Set(found.map((part) => part.toUpperCase()));
  return numbers.size === 1 ? [...numbers] : [];
}

/** Look after look: each label once, and a word where looking on would not help. */
export class Sightings {
  /** @param {number} now ms of a clock that never jumps, when the camera opened */
  constructor(now) {
    /** @type {Map<string, number>} number → when it was last in the picture */ this.seen = new Map();
    this.read = now; // when something was read
    /** @type {number|null} since when there have been bars that nothing reads */ this.striped = null;
    /** @type {Remark|null} what was said last, and is not said again and again */ this.remark = null;
  }

  /** @param {{labels: Label[], striped: boolean}} look @param {number} now ms @returns {News} */
  news({labels, striped}, now) {
    const {numbers, remark} = numbersOn(labels);
    if (numbers.length) this.remark = null;
    const fresh = numbers.filter((number) => now - (this.seen.get(number) ?? -AGAIN) >= AGAIN);
    for (const number of numbers) this.seen.set(number, now);
    if (labels.length) this.read = now;
    this.striped = striped && !labels.length ? (this.striped ?? now) : null;
    return {numbers: fresh, remark: this.once(remark ?? this.silence(now))};
  }

  /** As if it had not been in the picture: it comes again when it can be answered. @param {string} number */
  forget(number) {
    this.seen.delete(number);
  }

  /** @param {number} now @returns {Remark|null} */
  silence(now) {
    if (this.striped !== null && now - this.striped >= STRIPED) return 'unreadable';
    return now - this.read >= NOTHING && this.remark !== 'unreadable' ? 'nothing' : null;
  }

  /** @param {Remark|null} remark */
  once(remark) {
    if (!remark || remark === this.remark) return null;
    this.remark = remark;
    return remark;
  }
}
