/** Records of others: opened at the desk, where they all are; the phone only shows what it was told. */

import {nothing} from 'lit';
import {itemsPage} from '../check-items.js';

/** @type {import('../subjects.js').Look} */
export const record = {
  form: true,
  mono: true,
  page: itemsPage,
  bar: () => nothing,
  tool: () => nothing,
  rowName: ({items}, _kind, index) => items[index].subject.slice(-8),
  recordName: ({subject}) => subject.slice(-8),
};
