/** The unit itself, a department that is visited: one to a record, and known as soon as the work begins. */

/** @type {import('../subjects.js').Subject} */
export const unit = {
  counted: null,
  single: true,
  numbered: false,
  icon: 'verdict',
  given: (code) => code,
  begins: () => null,
  located: ({position}) => position,
};
