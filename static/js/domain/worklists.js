/** Which list of the day names the items that a kind's checks judge, and the class of an item that says none: as the kind came. */

/** @typedef {import('./types.js').Kind} Kind */

/** The section that names the items; null: they are chosen by whoever checks. @param {Pick<Kind, 'list'>} kind @returns {string|null} */
export function worklistOf({list}) {
  return list ?? null;
}

/** Null: an item without a class is of none. @param {Pick<Kind, 'class'>} kind @returns {string|null} */
export function classOf({class: mail}) {
  return mail ?? null;
}
