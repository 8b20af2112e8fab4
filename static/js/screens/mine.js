/** Mine: what failed and has to be put right, whose turn it is, and by when. */

import {html, nothing} from 'lit';
import {guard} from 'lit/directives/guard.js';
import {standings} from '../domain/cases.js';
import {localDay} from '../domain/days.js';
import {icon} from '../ui/icons.js';
import {named, t} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {empty, Screen} from '../ui/screen.js';
import {dueChip, finderText, nextText, severityChip, stateChip, subjectsText} from './case-card.js';
import {titleOf} from './case-title.js';
import {newerNotice} from './newer.js';
import '../ui/photo.js';
import '../ui/status.js';

const PAGE = 12;
const LABELS = 3; // numbers that are named
/** @type {import('../domain/cases.js').Group[]} */
const GROUPS = ['turn', 'check', 'waiting', 'ended'];

/** @typedef {import('../domain/cases.js').Standing} Standing */

async function readMine() {
  const {store} = phone;
  const [rows, records, units] = await Promise.all([store.rows('cases'), store.records(), store.rows('unit')]);
  const today = localDay(Date.now());
  return {
    today,
    all: standings(rows, records, phone.caseRules, today),
    names: new Map(units.map(({code, name}) => [code, name])),
  };
}

/** @extends {Screen<Awaited<ReturnType<typeof readMine>>>} */
export class Mine extends Screen {
  static properties = {shown: {state: true}};

  constructor() {
    super();
    /** @type {Record<string, number>} by group, how many are drawn */ this.shown = {};
  }

  /** @param {string[]|undefined} stores */
  reads(stores) {
    return !stores || stores.some((name) => name === 'records' || name === 'sections' || name === 'meta');
  }

  async read() {
    return readMine();
  }

  page() {
    const {all} = this.data;
    return html`
      <header class="bar"><h1 class="bar-title" tabindex="-1">${t('mine.title')}</h1></header>
      <tc-status></tc-status>
      <div class="page stack" data-cases=${all.length}>
        ${newerNotice()}
        ${all.length ? this.groups() : this.none()}
      </div>`;
  }

  none() {
    if (!phone.caseRules) return empty({icon: 'case', title: t('mine.not-yet'), text: t('mine.not-yet-text')});
    return empty({icon: 'case', title: t('mine.none'), text: t('mine.none-text')});
  }

  groups() {
    const {all} = this.data;
    const due = all.some(({group}) => group === 'turn' || group === 'check');
    return html`
      ${due ? nothing : html`<p class="muted" data-nothing-now>${t('mine.nothing-now')}</p>`}
      ${GROUPS.map((code) =>
        this.group(
          code,
          all.filter(({group}) => group === code),
        ),
      )}`;
  }

  /** @param {string} code @param {Standing[]} cases */
  group(code, cases) {
    if (!cases.length) return nothing;
    const shown = this.shown[code] ?? PAGE;
    const more = () => (this.shown = {...this.shown, [code]: shown + PAGE});
    return html`
      <section class="stack-tight" data-group=${code}><h2 class="section-title">${t(`mine.${code}`)} <small class="number">${cases.length}</small></h2>
        <ul class="records">${cases.slice(0, shown).map((one) => guard([JSON.stringify(one.row), one.state, one.group, one.ahead.map(({state}) => state).join(), one.refused.length, this.data.today], () => this.card(one)))}</ul>
        ${cases.length > shown ? html`<p class="center"><button type="button" class="button" @click=${more}>${t('more', {n: cases.length - shown})}</button></p>` : nothing}
      </section>`;
  }

  /** @param {Standing} one */
  card(one) {
    const {row} = one;
    const {text, photos} = row;
    const finder = finderText(row);
    const said = finder && text ? t('case.says', {name: finder, text}) : (text ?? finder);
    const next = nextText(one);
    const subjects = subjectsText(row, LABELS);
    return html`
      <li><a class="card record case" href="/app/case/${row.id}" data-case=${row.id} data-state=${one.state}>
        <span class="case-chips">${dueChip(one.due, this.data.today)}${severityChip(row.severity)}${stateChip(one)}${row.recurs ? html`<span class="chip chip-warn">${icon('undo')}${t('case.recurs')}</span>` : nothing}</span>
        <span class="case-body">
          <span class="grow"><b class="case-title">${titleOf(row)}</b>
            <span class="case-line">${[named(phone.kind(row.kind)), this.placeText(row)].filter(Boolean).join(' · ')}</span>
            ${subjects ? html`<span class="case-line number">${subjects}</span>` : nothing}
            ${said ? html`<span class="case-line">${said}</span>` : nothing}</span>
          ${photos.length ? html`<tc-photo still sha256=${photos[0].sha256}></tc-photo>` : nothing}
        </span>
        ${one.refused.length ? html`<span class="case-line record-problem">${icon('stop')} ${t('state.refused')}</span>` : nothing}
        ${next ? html`<span class="case-next">${icon(one.group === 'waiting' ? 'clock' : 'next')}<span>${next}</span></span>` : nothing}
      </a></li>`;
  }

  /** The place by name; of several units on this phone the unit, too. @param {Standing['row']} row */
  placeText({place, unit}) {
    const {names} = this.data;
    const of = names.size > 1 || !place.name ? names.get(unit) : null;
    return [...new Set([of, place.name].filter(Boolean))].join(' · ');
  }
}

customElements.define('tc-mine', Mine);
