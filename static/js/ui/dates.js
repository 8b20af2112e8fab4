/** Days and times as people of one time zone write them. */

import {weekdayText as weekday, dayText as written} from '../domain/dates.js';
import {apart, localDay, spanOf} from '../domain/days.js';
import {language, t} from './language.js';

const ZONE = 'Asia/Shanghai';
const DAY = 86400e3;
/** Made once: a slow phone needs milliseconds for one. */
const CLOCK = new Intl.DateTimeFormat('en-GB', {timeZone: ZONE, hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});

/** `11月20日`, `20 Nov`; with its year where it is not this one. @param {string} day @param {number} [now] ms */
export function dayText(day, now = Date.now()) {
  return written(day, language(), {year: day.slice(0, 4) !== localDay(now).slice(0, 4)});
}

/** `11月`, `Nov`. @param {string} month `2026-11` */
export function monthText(month) {
  const first = written(`${month}-01`, language(), {year: false});
  return language() === 'en' ? first.replace(/^\d+ /, '') : first.replace(/\d+日$/, '');
}

/** `2026年11月20日 周五`, `Fri 20 Nov 2026`: where the year may be the mistake. @param {string} day */
export function wholeDayText(day) {
  return written(day, language(), {weekday: true});
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
  return dayText(day, now);
}

/** Which period it is, where today is not in it: `昨天`, `11月23日–11月29日`; else empty. @param {string} code @param {number} [now] ms */
export function otherPeriodText(code, now = Date.now()) {
  const [span, today] = [spanOf(code), localDay(now)];
  if (!span || (span.first <= today && today <= span.last)) return '';
  return span.kind === 'day' ? nearDayText(code, now) : `${dayText(span.first, now)}–${dayText(span.last, now)}`;
}

/** `周五`, `Fri`. @param {string} day */
export function weekdayText(day) {
  return weekday(day, language());
}

/** `09:31`. @param {number|string} instant */
export function timeText(instant) {
  return CLOCK.format(new Date(instant));
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
  if (end - now <= 7 * DAY) return t('closing.by', {day: weekdayText(last)});
  return t('closing.by', {day: dayText(last)});
}
