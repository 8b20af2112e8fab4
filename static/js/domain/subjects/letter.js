/** A letter bears no number: it is one more of its stratum, and where the stratum says so it counts by its address. */

/** @type {import('../subjects.js').Subject} */
export const letter = {
  counted: 'items',
  single: false,
  numbered: false,
  icon: 'verdict',
  given: null,
  begins: () => null,
  located: () => false,
};

/** A name for one more, unique in the session and not only in the record: two records of a day are one session. @param {import('../types.js').Draft} draft @param {string|null} stratum */
export function freshLetter({id, items}, stratum) {
  const taken = new Set(items.map(({subject}) => subject));
  let n = items.length + 1;
  const name = () => `${stratum ?? 'letter'}-${id.slice(-8)}-${n}`;
  while (taken.has(name())) n += 1;
  return name();
}

/** Which of its stratum it is, from 1. @param {import('../types.js').Item[]} letters @param {number} index */
export function ordinalOf(letters, index) {
  const {stratum} = letters[index];
  return letters.slice(0, index + 1).filter((other) => other.stratum === stratum).length;
}
