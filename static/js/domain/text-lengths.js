/**
 * How long a text is, in characters as a person sees them: 𠮷, 👍🏽, 👨‍👩‍👧 and a Mongolian letter with its variation selector are one each.
 * The rule is our own and small, so that every browser and the server (webapp/core/text_lengths.py) count alike whatever
 * Unicode they know of; tests/vectors/texts.json holds the two together.
 */

const BIG = 16; // code points: a heap of marks upon one letter counts as several, so that a column has an end
const EXTENDS = /^(?:\p{M}|\p{Emoji_Modifier}|[\u{E0020}-\u{E007F}]|\u200C|\u200D|[\u1160-\u11FF\uD7B0-\uD7FB])$/u;
const SYMBOL = /^[\p{So}\p{Sm}]$/u;
const REGION = /^[\u{1F1E6}-\u{1F1FF}]$/u;
const CONTROL = /^\p{Cc}$/u;
const UNWRITABLE = /[\0\p{Cs}]/gu; // no database keeps them
const NOTHING = /^[\s\p{Z}\p{Cc}\p{Cf}]*$/u;

/** @param {string} text @returns {number} */
export function lengthOf(text) {
  return characters(text).reduce((sum, one) => sum + Math.ceil([...one].length / BIG), 0);
}

/** The characters as a person sees them, none torn. @param {string} text @returns {string[]} */
export function characters(text) {
  /** @type {string[]} */
  const clusters = [];
  for (const char of text) {
    if (clusters.length && joins(clusters[clusters.length - 1], char)) clusters[clusters.length - 1] += char;
    else clusters.push(char);
  }
  return clusters;
}

/** Whether the code point belongs to the character before it. @param {string} before @param {string} char */
function joins(before, char) {
  const points = [...before];
  const last = points[points.length - 1];
  if (last === '\r' && char === '\n') return true;
  if (CONTROL.test(last)) return false;
  if (EXTENDS.test(char)) return true;
  if (REGION.test(char)) return points.length === 1 && REGION.test(last);
  return last === '\u200d' && SYMBOL.test(points[0]) && SYMBOL.test(char);
}

/** Whether nothing is to be seen of it. @param {string} text */
export function isBlank(text) {
  return NOTHING.test(text);
}

/** As it can be written down: without blanks around it, NUL and halves of characters. @param {string} text */
export function tidy(text) {
  const clean = text.replace(UNWRITABLE, '');
  return isBlank(clean) ? '' : clean.trim();
}
