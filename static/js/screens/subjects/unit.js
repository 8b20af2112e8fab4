/** The unit that is visited: its name, where the phone stands if its kind asks, photos, criteria. */

import {html, nothing} from 'lit';
import {positionCard} from '../check-point.js';

/** @type {import('../subjects.js').Look} */
export const unit = {
  form: true,
  mono: false,
  page: (screen, draft, kind) => html`
    <h2 class="section-title" data-subject=${draft.items[0].subject}>${screen.data.name}</h2>
    ${kind.position ? positionCard(screen, draft.items[0], null) : nothing}
    ${screen.form?.judgement(screen, draft, kind) ?? nothing}`,
  bar: () => nothing,
  tool: () => nothing,
  rowName: (draft) => draft.unit,
  recordName: ({subject}, _kind, {units}) => units.find(({code}) => code === subject)?.name ?? subject,
};
