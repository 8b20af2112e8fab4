/** What is looked for, in any form of writing, as the server does (webapp/core/spelling.py): tests/vectors/names.json. */

// Marks that combine with what stands before them are named one by one.
const INVISIBLE =
  /\u034f|\u17b4|\u17b5|\u180b|\u180c|\u180d|\u180e|\u180f|[\ufe00-\ufe0f]|[\u{e0000}-\u{e0fff}]|[\u00ad\u061c\u115f\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]/gu;
const HYPHENS = /[\u02d7\u058a\u05be\u2010-\u2015\u2043\u2212\u2796\u2e17\u2e3a\u2e3b\u30a0\ufe58\ufe63\uff0d]/gu;
const DOTS =
  /[\u00b7\u0387\u16eb\u1427\u2022\u2024\u2027\u2219\u22c5\u25cf\u25e6\u2981\u2e30\u2e31\u2e33\u30fb\ua78f\uff65]/gu;

/** Half-width, small letters, one hyphen, one middle dot, nothing invisible; words stay apart. @param {string} text */
export function plain(text) {
  return text
    .replace(INVISIBLE, '')
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(HYPHENS, '-')
    .replace(DOTS, '·')
    .toLowerCase()
    .normalize('NFC');
}

/** The same without spaces, hyphens and dots: only for searching, where everything that is found is shown. @param {string} text */
export function sought(text) {
  return plain(text).replace(/[\s.\u3002·_-]+/gu, '');
}
