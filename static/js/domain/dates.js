/** Days as people write them, the same as the server writes (webapp/core/dates.py): tests/vectors/dates.json. */

const WEEKDAYS = {
  zh: [...'日一二三四五六'].map((one) => `周${one}`),
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
};
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * `2026年11月20日`, `20 Nov 2026`; short without the year: `11月20日 周五`, `Fri 20 Nov`.
 * @param {string} iso `2026-11-20` @param {'zh'|'en'} language @param {{weekday?: boolean, year?: boolean}} [parts]
 */
export function dayText(iso, language, {weekday = false, year = true} = {}) {
  const [y, month, day] = iso.split('-').map(Number);
  const name = weekday ? weekdayText(iso, language) : '';
  if (language === 'zh') return `${year ? `${y}年` : ''}${month}月${day}日${name && ` ${name}`}`;
  return `${name && `${name} `}${day} ${MONTHS[month - 1]}${year ? ` ${y}` : ''}`;
}

/** `周五`, `Fri`. @param {string} iso @param {'zh'|'en'} language */
export function weekdayText(iso, language) {
  return WEEKDAYS[language][new Date(`${iso}T12:00:00Z`).getUTCDay()];
}
