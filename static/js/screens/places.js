/** Whom a duty of an upper unit still asks for, or every department below it or below one of its units: nearest first, by name; a tap chooses the place. */

import {html, nothing} from 'lit';
import {isDone, membersOf, withGroups} from '../domain/coverage.js';
import {aheadOf} from '../domain/duties.js';
import {metresTo} from '../domain/places.js';
import {sought} from '../domain/spelling.js';
import {uppers} from '../domain/work.js';
import {Finder} from '../ui/finder.js';
import {icon} from '../ui/icons.js';
import {named, t} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {place} from '../ui/place.js';
import {empty, subBar} from '../ui/screen.js';
import {distanceText} from './point-card.js';

/**
 * @typedef {import('../domain/types.js').Row<'below'>} Below
 * @typedef {import('../domain/coverage.js').Member} Member
 * @typedef {{code: string, name: string, about: string, below: Below|null, member: Member|null, metres: number|null}} Row
 */

/** @param {string|null} code of the duty, or of a unit below: its departments; null: every department */
async function readPlaces(code) {
  const {store} = phone;
  const [units, duties, below, records, pulled] = await Promise.all([
    store.rows('unit'),
    store.rows('duties'),
    store.rows('below'),
    store.records(),
    store.get('pulled'),
  ]);
  const own = new Set(uppers(units).map((unit) => unit.code));
  const duty = duties.find((line) => line.code === code && line.covered && own.has(line.unit)) ?? null;
  const known = new Map(below.map((row) => [row.code, row]));
  const waiting = withGroups(aheadOf(records, pulled), phone.kinds);
  const members = duty ? membersOf(duty, waiting) : [];
  const unit = known.get(code ?? '') ?? null;
  const chosen = duty
    ? members.map((member) => ({code: member.unit, name: member.name, member}))
    : [...known.values()]
        .filter(({level, above}) => level === 'department' && (!unit || above.includes(unit.code)))
        .map((row) => ({code: row.code, name: row.name, member: null}));
  const rows = chosen.map((row) => ({...row, below: known.get(row.code) ?? null, about: aboutOf(known, row.code)}));
  return {duty, unit, rows};
}

/** In which county it lies. @param {Map<string, Below>} known @param {string} code */
function aboutOf(known, code) {
  const row = known.get(code);
  const county = known.get(row?.above.at(-1) ?? '');
  return [row?.setting ? t(`setting.${row.setting}`) : '', county?.name].filter(Boolean).join(' · ');
}

/** @extends {Finder<Awaited<ReturnType<typeof readPlaces>>>} */
export class Places extends Finder {
  async read() {
    return readPlaces(this.route.id);
  }

  /** Those still to be visited first, then by distance where the phone knows its place. @returns {Row[]} */
  get rows() {
    const fix = place.fresh();
    const wanted = sought(this.query);
    return this.data.rows
      .filter(({name, about}) => !wanted || sought(`${name} ${about}`).includes(wanted))
      .map((row) => ({...row, metres: row.below ? metresTo(row.below, fix) : null}))
      .sort((a, b) => rank(a) - rank(b) || (a.metres ?? Infinity) - (b.metres ?? Infinity) || 0);
  }

  page() {
    const {duty, unit} = this.data;
    const rows = this.rows;
    return html`
      ${subBar({title: duty ? named(duty) : (unit?.name ?? t('title.places')), parent: unit ? `/app/place/${unit.code}` : '/app/'})}
      ${this.finder(t('places.find'))}
      <div class="page">
        ${rows.length ? nothing : empty({icon: 'search', title: t(this.query ? 'relay.no-match' : 'places.none')})}
        ${this.list(
          rows,
          ({code}) => code,
          (row) => this.row(row),
        )}
      </div>`;
  }

  /** @param {Row} row */
  row({code, name, about, member, metres}) {
    return html`
      <li>
        <a class="point" href="/app/place/${code}" data-place=${code}>
          <span class="grow"><b>${name}</b>${about ? html`<small>${about}</small>` : nothing}
            ${member ? html`<small>${memberMark(member)}</small>` : nothing}</span>
          <span class="point-far number">${metres === null ? nothing : distanceText(metres)}</span>${icon('next', 'tile-next')}
        </a>
      </li>`;
  }
}

/** @param {{member: Member|null}} row */
function rank({member}) {
  return Number(Boolean(member && isDone(member)));
}

/** Where one stands, by shape and word. @param {Member} member */
export function memberMark(member) {
  if (member.counts) return html`<span class="chip chip-ok">${icon('check')}${t('places.counts')}</span>`;
  if (member.waiting) return html`<span class="chip chip-warn">${icon('clock')}${t('places.waiting')}</span>`;
  return named(member);
}

customElements.define('tc-places', Places);
