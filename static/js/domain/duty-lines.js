/** The lines of duties that bind the unit, and what they ask of one check; a form's own number is only the edition's. */

import {inPeriod} from './days.js';
import {measureOf} from './measures.js';

/** @typedef {import('./types.js').Duty|import('./types.js').Row<'duties'>} Line */

/**
 * @param {Line[]} lines as pulled @param {{code: string, batch: number|null}} kind @param {string} day of the work, or of the list
 * @returns {number|null} null: nothing is asked, or how much is not known before the volume is
 */
export function askedOf(lines, {code, batch}, day) {
  const line = lineOf(lines, code, day);
  return line ? measureOf(line).asked(line) : (batch ?? null);
}

/** The line that a record of the kind and day counts in: the day's own, else that of its sessions. @param {Line[]} lines @param {string} code @param {string} day */
export function lineOf(lines, code, day) {
  const open = lines.filter(({kind, period}) => kind === code && inPeriod(period, day));
  return open.find(({period}) => period === day) ?? open.find((line) => measureOf(line).occasions) ?? null;
}

/**
 * What the lines say of a record's day; of a daily duty all that it says.
 * @param {Line[]} lines @param {{kind: string|null, day: string}} record
 * @returns {import('./types.js').Named[]}
 */
export function saidOf(lines, {kind, day}) {
  return lines
    .filter((line) => line.kind === kind && inPeriod(line.period, day))
    .flatMap(({period, why = [], days = []}) => (period === day ? why : days.filter((told) => told.day === day)));
}
