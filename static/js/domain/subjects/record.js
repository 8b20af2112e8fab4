/** Records of others, opened and looked at: of a period there may be none. */

/** @type {import('../subjects.js').Subject} */
export const record = {
  counted: 'items',
  single: false,
  mayBeEmpty: true,
  numbered: false,
  icon: 'records',
  given: null,
  begins: () => null,
  located: () => false,
};
