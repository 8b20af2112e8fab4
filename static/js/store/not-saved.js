/** Why something was not kept on the phone. */

/** The record of this id says something else: the draft was saved in another tab, and changed in this one. */
export class AlreadySaved extends Error {
  /** @param {import('../domain/types.js').Rec} record */
  constructor(record) {
    super(record.id);
    this.name = 'AlreadySaved';
    this.record = record;
  }
}

export class NotAdmitted extends Error {} // what was recorded meanwhile leaves no room for it
