/** What the rescue screen says: beside it, so that nobody fetches it who never opens it. */

import {language} from '../ui/language.js';

const one = (/** @type {number} */ n, /** @type {string} */ name) => `${n} ${name}${n === 1 ? '' : 's'}`;

/**
 * @typedef {{records: number, photos: number, drafts: number}} Held
 * @typedef {Record<string, string|number>} Values
 * @typedef {Record<string, string|((values: any) => string)>} Words  each text knows which values it is given
 */

/** @type {Record<'zh'|'en', Words>} */
export const WORDS = {
  zh: {
    what: '把还没上传的记录、照片和草稿存成一个文件，由本人或主任在管理台“导入手机待传记录”里导入。没有信号、登录过期时也能用。',
    keeps: '手机里的待传记录不会删除。以后手机照常上传，不会重复入账。',
    none: '没有待传的内容',
    'none-text': '全部记录已上传，也没有草稿。',
    holds: (/** @type {Held} */ {records, photos, drafts}) =>
      `记录 ${records} 条，照片 ${photos} 张，草稿 ${drafts} 份`,
    size: '文件约 {size}',
    make: '生成文件',
    making: '正在读取照片 {done}/{total}',
    ready: '文件已生成（{size}）',
    share: '发送给…',
    save: '存到手机',
    again: '重新生成',
    newer: '生成文件之后内容有变化，请重新生成。',
    lost: (/** @type {{n: number}} */ {n}) => `有 ${n} 张照片在手机上已读不出来，文件里已注明。`,
    failed: '文件没有生成，手机里的内容没有变。请腾出空间后再试。',
    personal: '文件里有姓名和签名的照片：只交给负责人，导入后请删除。',
  },
  en: {
    what: 'Saves what has not been uploaded (records, photos, drafts) as one file. You or the director import it at the desk, under “Bring in a phone’s queue”. Works without signal and when the sign-in has expired.',
    keeps: 'The phone keeps everything. When it uploads later, nothing is entered twice.',
    none: 'Nothing waits here',
    'none-text': 'Every record has been uploaded, and there is no draft.',
    holds: (/** @type {Held} */ {records, photos, drafts}) =>
      `${one(records, 'record')}, ${one(photos, 'photo')}, ${one(drafts, 'draft')}`,
    size: 'The file: about {size}',
    make: 'Make the file',
    making: 'Reading photos, {done} of {total}',
    ready: 'The file is ready ({size})',
    share: 'Send to…',
    save: 'Save on this phone',
    again: 'Make it anew',
    newer: 'Something has changed since the file was made; make it anew.',
    lost: (/** @type {{n: number}} */ {n}) =>
      `${one(n, 'photo')} can no longer be read on this phone; the file says so.`,
    failed: 'The file was not made; nothing on the phone has changed. Free some space and try again.',
    personal: 'Photos in it show names and signatures: give it to your superior only, and delete it afterwards.',
  },
};

/** @param {string} key @param {Values} [values] */
export function word(key, values = {}) {
  const text = WORDS[language()][key];
  if (typeof text === 'function') return text(values);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}
