/** Nothing: a meeting, a balance. The record has one item all the same, which holds photos and a verdict. */

/** @type {import('../subjects.js').Subject} */
export const none = {
  counted: null,
  single: true,
  numbered: false,
  icon: 'verdict',
  given: () => '-',
  begins: () => null,
  located: ({position}) => position,
};
