/** Days and times as people of one time zone write them. */

import {localDay} from '../domain/days.js';
import {language, t} from './language.js';

const ZONE = 'Asia/Shanghai';
const DAY = 86400e3;

/** @param {Intl.DateTimeFormatOptions} options */
function format(options) {
  return new Intl.DateTimeFormat(language() === 'en' ? 'en-GB' : 'zh-CN', {timeZone: ZONE, ...options});
}

/** @param {string} day `2026-11-20` */
function noon(day) {
  return new Date(`${day}T12:00:00+08:00`);
}

/** `11月20日`, `20 November`. @param {string} day */
export function dayText(day) {
  return format({month: 'long', day: 'numeric'}).format(noon(day));
}

/** `今天`, `昨天`, else the day. @param {string} day @param {number} [now] ms */
export function nearDayText(day, now = Date.now()) {
  if (day === localDay(now)) return t('day.today');
  if (day === localDay(now - DAY)) return t('day.yesterday');
  return dayText(day);
}

/** `星期五`, `Friday`. @param {string} day @param {'long'|'short'} [width] */
export function weekdayText(day, width = 'long') {
  return format({weekday: width}).format(noon(day));
}

/** `09:31`. @param {number|string} instant */
export function timeText(instant) {
  return format({hour: '2-digit', minute: '2-digit', hourCycle: 'h23'}).format(new Date(instant));
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
