/** About nothing but itself: the head of the form, and one verdict where its kind has criteria. */

import {html, nothing} from 'lit';
import {named} from '../../ui/language.js';
import {positionCard} from '../check-point.js';

/** @type {import('../subjects.js').Look} */
export const none = {
  form: true,
  mono: true,
  page: (screen, draft, kind) => html`
    ${kind.position ? positionCard(screen, draft.items[0], null) : nothing}
    ${screen.form?.judgement(screen, draft, kind) ?? nothing}`,
  bar: () => nothing,
  tool: () => nothing,
  rowName: (_draft, kind) => named(kind),
  recordName: (_item, kind) => named(kind),
};
