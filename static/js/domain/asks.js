/** How many a check asks for, by the duties that bind the unit on its day; a form's own number is only the edition's. */

import {inPeriod} from './days.js';

/** @typedef {import('./types.js').Duty} Duty */

/**
 * @param {Duty[]} duties as pulled @param {{code: string, batch: number|null}} kind @param {string} day of the work, or of the list
 * @returns {number|null} null: nothing is asked, or how much is not known before the volume is
 */
export function askedOf(duties, {code, batch}, day) {
  const line = lineOf(duties, code, day);
  if (!line) return batch ?? null;
  return line.measure === 'sessions' ? line.batch : line.required;
}

/** The line that a record of the kind and day counts in: the day's own, else that of its sessions. @param {Duty[]} duties @param {string} code @param {string} day */
export function lineOf(duties, code, day) {
  const found = duties.filter(({kind, period}) => kind === code && inPeriod(period, day));
  return found.find(({period}) => period === day) ?? found.find(({measure}) => measure === 'sessions') ?? null;
}
