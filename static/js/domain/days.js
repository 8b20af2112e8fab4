/** Days and periods as text. Inner Mongolia keeps Beijing time all year: a fixed offset decides the day of the work. */

const LOCAL_OFFSET = 8 * 3600e3;
const DAY = 86400e3;
const HOUR = 3600e3;

/** The calendar day in Inner Mongolia, `2026-11-20`. @param {Date|number} instant */
export function localDay(instant) {
  return new Date(Number(instant) + LOCAL_OFFSET).toISOString().slice(0, 10);
}

/** The device's wall time with its UTC offset, `2026-11-20T09:30:00.000+08:00`. @param {Date|number} instant */
export function isoWithOffset(instant) {
  const date = new Date(Number(instant));
  const minutes = -date.getTimezoneOffset();
  const wall = new Date(date.getTime() + minutes * 60e3).toISOString().slice(0, -1);
  const size = Math.abs(minutes);
  return `${wall}${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** @param {string} day @param {number} n days forward, or back when negative */
export function addDays(day, n) {
  return new Date(Date.parse(day) + n * DAY).toISOString().slice(0, 10);
}

/**
 * How far a day lies from another, in the unit in which people would say it.
 * @param {string} day @param {string} from
 * @returns {{n: number, unit: 'days'|'months'|'years', ahead: boolean}|null} null: the same day
 */
export function apart(day, from) {
  const days = Math.round((Date.parse(day) - Date.parse(from)) / DAY);
  const size = Math.abs(days);
  if (!size) return null;
  const ahead = days > 0;
  if (size < 46) return {n: size, unit: 'days', ahead};
  if (size < 350) return {n: Math.round(size / 30.44), unit: 'months', ahead};
  return {n: Math.round(size / 365.25), unit: 'years', ahead};
}

/** @typedef {{first: string, last: string, kind: 'day'|'week'|'month'|'quarter'|'half'|'year'}} Span */

/** @type {[RegExp, (...parts: string[]) => Span][]} */
const FORMS = [
  [/^\d{4}-\d\d-\d\d$/, (day) => ({first: day, last: day, kind: 'day'})],
  [/^(\d{4})-W(\d\d)$/, (_, year, week) => weekSpan(Number(year), Number(week))],
  [/^(\d{4})-(\d\d)$/, (_, year, month) => monthSpan(Number(year), Number(month), 1, 'month')],
  [/^(\d{4})-Q([1-4])$/, (_, year, n) => monthSpan(Number(year), Number(n) * 3 - 2, 3, 'quarter')],
  [/^(\d{4})-H([12])$/, (_, year, n) => monthSpan(Number(year), Number(n) * 6 - 5, 6, 'half')],
  [/^(\d{4})$/, (_, year) => monthSpan(Number(year), 1, 12, 'year')],
];

/**
 * First and last day of `2026-11-20`, `2026-W47`, `2026-11`, `2026-Q4`, `2026-H2` or `2026`.
 * @param {string} code
 * @returns {Span} throws RangeError for anything else
 */
export function period(code) {
  const span = spanOf(code);
  if (!span) throw new RangeError(`not a period: ${code}`);
  return span;
}

/** Whether the period is a single day: the day that its work is about. @param {string} code */
export function isDay(code) {
  return FORMS[0][0].test(code);
}

/** Never throws: no day is in a period of a form that this version does not know. @param {string} code @param {string} day */
export function inPeriod(code, day) {
  const span = spanOf(code);
  return span !== null && span.first <= day && day <= span.last;
}

/** First day of the week (Monday) or month in which the day lies; of any other period the day itself. @param {string} kind @param {string} day */
export function firstDayOf(kind, day) {
  if (kind === 'week') return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
  return kind === 'month' ? `${day.slice(0, 8)}01` : day;
}

/** Null: a form that this version does not know. @param {string} code @returns {Span|null} */
export function spanOf(code) {
  for (const [form, span] of FORMS) {
    const parts = form.exec(code);
    if (parts) return span(...parts);
  }
  return null;
}

/**
 * How long until a line closes: the code picks the sentence, the value fills it.
 * @param {string} closesAt ISO instant @param {number} now milliseconds
 * @returns {{code: 'closed'|'minutes'|'hours'|'days', value: number}} at least 1 while it is open
 */
export function closing(closesAt, now) {
  const left = Date.parse(closesAt) - now;
  if (left <= 0) return {code: 'closed', value: 0};
  if (left < HOUR) return {code: 'minutes', value: Math.ceil(left / 60e3)};
  if (left < DAY) return {code: 'hours', value: Math.floor(left / HOUR)};
  return {code: 'days', value: Math.floor(left / DAY)};
}

/** ISO weeks: week 1 holds 4 January. @param {number} year @param {number} week @returns {Span} */
function weekSpan(year, week) {
  const fourth = new Date(Date.UTC(year, 0, 4));
  const monday = addDays(fourth.toISOString().slice(0, 10), -((fourth.getUTCDay() + 6) % 7));
  const first = addDays(monday, (week - 1) * 7);
  return {first, last: addDays(first, 6), kind: 'week'};
}

/** @param {number} year @param {number} month @param {number} count @param {Span['kind']} kind @returns {Span} */
function monthSpan(year, month, count, kind) {
  const day = (/** @type {number} */ ms) => new Date(ms).toISOString().slice(0, 10);
  return {first: day(Date.UTC(year, month - 1, 1)), last: day(Date.UTC(year, month - 1 + count, 0)), kind};
}

/** @param {number} n */
function two(n) {
  return String(n).padStart(2, '0');
}
