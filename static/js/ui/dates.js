/** Days and times as people of one time zone write them. */

import {apart, localDay} from '../domain/days.js';
import {language, t} from './language.js';

const ZONE = 'Asia/Shanghai';
const DAY = 86400e3;

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const FORMS = {
  day: {month: 'long', day: 'numeric'},
  whole: {year: 'numeric', month: 'long', day: 'numeric', weekday: 'long'},
  long: {weekday: 'long'},
  short: {weekday: 'short'},
  time: {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'},
};
/** @type {Map<string, Intl.DateTimeFormat>} made once each: a slow phone needs milliseconds for one */
const formats = new Map();

/** @param {string} form of FORMS @param {Date} date */
function format(form, date) {
  const locale = language() === 'en' ? 'en-GB' : 'zh-CN';
  const key = `${locale} ${form}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, {timeZone: ZONE, ...FORMS[form]}));
  return /** @type {Intl.DateTimeFormat} */ (formats.get(key)).format(date);
}

/** @param {string} day `2026-11-20` */
function noon(day) {
  return new Date(`${day}T12:00:00+08:00`);
}

/** `11月20日`, `20 November`. @param {string} day */
export function dayText(day) {
  return format('day', noon(day));
}

/** `2026年11月20日星期五`, `Friday 20 November 2026`: where the year may be the mistake. @param {string} day */
export function wholeDayText(day) {
  return format('whole', noon(day));
}

/** `比到达日早 1 年`, `a year ahead`; empty for the same day. @param {string} day @param {string} from */
export function apartText(day, from) {
  const gap = apart(day, from);
  return gap ? t(`apart.${gap.unit}-${gap.ahead ? 'ahead' : 'behind'}`, {n: gap.n}) : '';
}

/** `今天`, `昨天`, else the day. @param {string} day @param {number} [now] ms */
export function nearDayText(day, now = Date.now()) {
  if (day === localDay(now)) return t('day.today');
  if (day === localDay(now - DAY)) return t('day.yesterday');
  return dayText(day);
}

/** `星期五`, `Friday`. @param {string} day @param {'long'|'short'} [width] */
export function weekdayText(day, width = 'long') {
  return format(width, noon(day));
}

/** `09:31`. @param {number|string} instant */
export function timeText(instant) {
  return format('time', new Date(instant));
}

/** `今天 09:31`, `11月18日 09:31`. @param {number|string} instant @param {number} [now] */
export function momentText(instant, now = Date.now()) {
  return `${nearDayText(localDay(new Date(instant)), now)} ${timeText(instant)}`;
}

/**
 * By when: `今天结束前`, `周日前`, `11月30日前`.
 * @param {string} closesAt ISO instant; midnight belongs to the day that ends there @param {number} now ms
 */
export function byWhenText(closesAt, now) {
  const end = Date.parse(closesAt);
  if (end <= now) return t('closing.closed');
  const last = localDay(end - 1);
  if (last === localDay(now)) return t('closing.today');
  if (last === localDay(now + DAY)) return t('closing.tomorrow');
  if (end - now <= 7 * DAY) return t('closing.by', {day: weekdayText(last, 'short')});
  return t('closing.by', {day: dayText(last)});
}
