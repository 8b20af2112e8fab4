/** The words of the screens, in the language that the person chose. */

import {zh} from '../messages/zh.js';

/** @typedef {'zh'|'en'} Language */

/** @typedef {Record<string, unknown>} Values  that stand in the places of a text */
/** @typedef {Record<string, string|((values: any) => string)>} Texts  each text knows which values it is given */

// Most phones never need the second language: it comes when somebody asks for it, without signal from the worker's cache.
/** @type {Record<string, () => Promise<Texts>>} */
const OTHERS = {en: async () => (await import('../messages/en.js')).en};
/** @type {Record<string, Texts>} */
const TEXTS = {zh: {...zh}};
const KEY = 'toucha-language';

/** @type {Language} */
let current = 'zh';

/** @returns {Language|null} what somebody set this phone to, before anybody is known */
export function chosen() {
  try {
    const code = localStorage.getItem(KEY);
    return code === 'zh' || code === 'en' ? code : null;
  } catch {
    return null; // storage switched off: the default will do
  }
}

/** @returns {Language} */
export function language() {
  return current;
}

/**
 * @param {string} code anything but `en` is Chinese @param {{keep?: boolean}} [options] `keep`: for the next start too
 * @returns {Promise<boolean>} false: its words cannot be had now, the language stays what it was
 */
export async function speak(code, {keep = false} = {}) {
  const wanted = code === 'en' ? 'en' : 'zh';
  if (!(await learn(wanted))) return false;
  current = wanted;
  document.documentElement.lang = current === 'en' ? 'en' : 'zh-CN';
  try {
    if (keep) localStorage.setItem(KEY, current);
  } catch {
    // the person's language on the server still holds
  }
  return true;
}

/** @param {Language} code @returns {Promise<boolean>} whether its words are here */
async function learn(code) {
  try {
    TEXTS[code] ??= await OTHERS[code]();
    return true;
  } catch (error) {
    console.warn(error);
    return false;
  }
}

/** The Chinese of screens that come after Today comes with them; English comes whole. @param {Texts} words */
export function teach(words) {
  Object.assign(TEXTS.zh, words);
}

/**
 * A sentence. Places are `{name}`; a few texts are functions, where a plural needs one.
 * @param {string} key @param {Values} [values]
 */
export function t(key, values = {}) {
  const text = TEXTS[current][key] ?? key;
  if (typeof text === 'function') return text(values);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/** Sentences one after the other, empty ones left out: Chinese needs no space between them. @param {unknown[]} parts */
export function sentences(parts) {
  return parts.filter(Boolean).join(current === 'en' ? ' ' : '');
}

/** A sentence, or the fallback where the code is not known here. @param {string} key @param {string} fallback @param {Values} [values] */
export function tOr(key, fallback, values) {
  return key in TEXTS[current] ? t(key, values) : fallback;
}

/** A name that came with the server's data in both languages. @param {{zh: string, en: string}|null|undefined} named */
export function named(named) {
  return named ? named[current] || named.zh : '';
}

/** What is found where a criterion fails: `无签收`, not `有签收`. @param {{zh: string, en: string, fail_zh?: string, fail_en?: string}} criterion */
export function failed(criterion) {
  return (current === 'en' ? criterion.fail_en : criterion.fail_zh) || t('criterion.not-met', {text: named(criterion)});
}
