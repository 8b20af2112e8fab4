/** A relay point: chosen from the register, one to a record. */

/** @type {import('../subjects.js').Subject} */
export const point = {
  counted: 'points',
  single: true,
  numbered: false,
  icon: 'point',
  given: null,
  begins: () => 'relay',
  located: () => true,
};
