/** The words of the screens, in the language that the person chose. */

import {en} from '../messages/en.js';
import {zh} from '../messages/zh.js';

/** @typedef {'zh'|'en'} Language */

/** @type {Record<Language, Record<string, string|((values: any) => string)>>} */
const TEXTS = {zh, en};
const KEY = 'toucha-language';

/** @type {Language} */
let current = remembered() ?? 'zh';

/** @returns {Language|null} what this phone was set to, before anybody is known */
function remembered() {
  try {
    const code = localStorage.getItem(KEY);
    return code === 'zh' || code === 'en' ? code : null;
  } catch {
    return null; // storage switched off: the default will do
  }
}

/** Whether somebody chose a language on this phone. */
export function chosen() {
  return remembered() !== null;
}

/** @returns {Language} */
export function language() {
  return current;
}

/** @param {string} code anything but `en` is Chinese @param {{keep?: boolean}} [options] `keep`: for the next start too */
export function speak(code, {keep = false} = {}) {
  current = code === 'en' ? 'en' : 'zh';
  document.documentElement.lang = current === 'en' ? 'en' : 'zh-CN';
  try {
    if (keep) localStorage.setItem(KEY, current);
  } catch {
    // the person's language on the server still holds
  }
}

/**
 * A sentence. Places are `{name}`; a few texts are functions, where a plural needs one.
 * @param {string} key @param {Record<string, any>} [values]
 */
export function t(key, values = {}) {
  const text = TEXTS[current][key] ?? key;
  if (typeof text === 'function') return text(values);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/** A sentence, or the fallback where the code is not known here. @param {string} key @param {string} fallback */
export function tOr(key, fallback) {
  return key in TEXTS[current] ? t(key) : fallback;
}

/** A name that came with the server's data in both languages. @param {{zh: string, en: string}|null|undefined} named */
export function named(named) {
  return named ? named[current] || named.zh : '';
}
