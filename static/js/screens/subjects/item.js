/** Numbered items: rows, and below them the field for numbers and the camera. */

import {grouped} from '../../ui/numbers.js';
import {entryBar, scanButton} from '../check-entry.js';
import {itemsPage} from '../check-items.js';
import {pointName} from '../point-card.js';

/** @type {import('../subjects.js').Look} */
export const item = {
  form: false,
  mono: true,
  page: itemsPage,
  bar: (screen, _draft, kind) => entryBar(screen, kind),
  tool: scanButton,
  rowName: (draft, _kind, index) => grouped(draft.items[index].subject),
  // Of a kind that is gone nobody knows what it was about: perhaps a relay point.
  recordName: ({subject}, kind, {points}) => (kind ? null : pointName(points, subject)) ?? grouped(subject),
};
