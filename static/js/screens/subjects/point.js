/** One relay point: what the register says of it, where the phone stands, the criteria. */

import {nothing} from 'lit';
import {pointPage} from '../check-point.js';
import {pointName} from '../point-card.js';

/** @type {import('../subjects.js').Look} */
export const point = {
  form: false,
  mono: false,
  page: pointPage,
  bar: () => nothing,
  tool: () => nothing,
  rowName: (draft, _kind, index) => draft.items[index].subject,
  recordName: ({subject}, _kind, {points}) => pointName(points, subject) ?? subject,
};
