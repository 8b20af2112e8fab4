/** One record: what was said, where it stands, and how to correct it or take it back. */

import {html, nothing} from 'lit';
import {confirmation, correction, withdrawal} from '../domain/amendments.js';
import {localDay} from '../domain/days.js';
import {photosJudged} from '../domain/draws.js';
import {freeze, openOf, personalOf} from '../domain/facts.js';
import {verdictsOf} from '../domain/learned.js';
import {rowState} from '../domain/status.js';
import {apartText, dayText, momentText, wholeDayText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {failed, t, tOr} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {notSaved} from '../ui/room.js';
import {router} from '../ui/router.js';
import {empty, notice, Screen, subBar} from '../ui/screen.js';
import {share} from '../ui/share.js';
import {ask} from '../ui/sheet.js';
import {stateChip, stateOf} from '../ui/status.js';
import {voiceNote} from '../ui/voice.js';
import {judgedLine} from './learned.js';
import {problemText, remedyText} from './problem-text.js';
import {countsOf, readCounts} from './record-counts.js';
import {headOf, toldOf} from './record-head.js';
import {titleOf} from './records.js';
import {lookOf} from './subjects.js';
import '../ui/photo.js';

const ARRIVED = new Set(['arrived', 'photos', 'held', 'conflict']); // the server has it: a link leads somewhere
const ENDED = new Set(['withdrawn', 'superseded']);

/**
 * @typedef {import('../domain/types.js').Rec} Rec
 * @typedef {import('../domain/types.js').UnitRow<'records'>} Row
 * @typedef {Rec|Row} Shown  a record of this phone, or one made elsewhere, as pulled
 * @typedef {ReturnType<typeof stateOf>|ReturnType<typeof rowState>} State
 */

/** @param {string} id */
async function readRecord(id) {
  const {store} = phone;
  const [record, rows, records, points, people, units, cases, learned, captures] = await Promise.all([
    store.record(id),
    store.rows('records'),
    store.records(),
    store.rows('points'),
    store.rows('people'),
    store.rows('unit'),
    store.rows('cases'),
    store.rows('learned'),
    store.rows('captures'),
  ]);
  const row = rows.find((one) => one.id === id) ?? null;
  const about = records.filter(({target}) => target === id);
  return {
    counts: await readCounts(record ?? row, records),
    record,
    row,
    points,
    people,
    units,
    cases,
    learned,
    captures,
    routes: units.flatMap(({routes}) => routes),
    withdrawal: about.find(({type, state}) => type === 'withdrawal' && state !== 'refused') ?? null,
    confirmed: about.some(({type, state}) => type === 'confirmation' && state === 'unsent'),
    amendment: records.find(({amends, state}) => amends === id && state !== 'refused') ?? null,
  };
}

/** @extends {Screen<Awaited<ReturnType<typeof readRecord>>>} */
export class RecordPage extends Screen {
  async read() {
    return readRecord(this.route.id ?? '');
  }

  page() {
    const {record, row} = this.data;
    const shown = record ?? row;
    if (!shown) return html`${subBar({title: t('title.record'), parent: '/app/records'})}${this.elsewhere()}`;
    const state = record ? stateOf(record, row) : rowState(/** @type {Row} */ (row));
    return html`
      ${subBar({title: titleOf(shown), parent: '/app/records'})}
      <div class="page stack" data-record=${shown.id} data-state=${state.code}>
        ${this.head(shown, state)}
        ${this.advice(state)}
        ${ENDED.has(state.code) || this.data.withdrawal ? nothing : countsOf(this.data.counts)}
        ${record ? this.content(record) : html`<p class="muted">${t('record.elsewhere')}</p>`}
        ${this.ways(shown, state)}
      </div>`;
  }

  /** A colleague's, by a link: who may see it sees it on the server. */
  elsewhere() {
    const way = html`<a class="button" href="/inspections/${this.route.id}" data-server>${t('record.on-server')}</a>`;
    return empty({icon: 'search', title: t('record.none'), text: t('record.none-text'), action: way});
  }

  /** @param {Shown} shown @param {State} state */
  head(shown, state) {
    const {withdrawal: taken, amendment} = this.data;
    return html`
      <section class="card stack-tight">
        <p class="row">${stateChip(taken && !ENDED.has(state.code) ? {code: 'withdrawn'} : state)}${shown.type === 'withdrawal' || taken ? nothing : amendment ? html`<a href="/app/records/${amendment.id}">${t('record.amended')}</a>` : nothing}</p>
        <dl class="facts">
          ${fact('record.day', state.code === 'held' ? this.whole(shown) : dayText(shown.day))}
          ${'created' in shown ? fact('record.made', momentText(shown.created)) : nothing}
          ${'sent' in shown && shown.sent && state.code !== 'refused' ? fact('record.sent', momentText(shown.sent)) : nothing}
          ${taken ? fact('record.reason', openOf(taken).reason ?? '') : nothing}
        </dl>
        ${this.data.row?.own?.length ? notice('warn', t('record.own', {n: this.data.row.own.length})) : nothing}
        ${shown.amends ? html`<p><a href="/app/records/${shown.amends}">${t('record.parent')}</a></p>` : nothing}
      </section>`;
  }

  /** Why, and what to do. @param {State} state */
  advice({code, problem, held}) {
    if (problem)
      return notice(
        'bad',
        html`<p><b>${problemText(problem)}</b></p><p>${remedyText(problem)}</p>${fieldsOf(problem)}`,
      );
    if (code === 'held') return notice('warn', html`<p>${tOr(`held.${held ?? 'clock'}`, t('held.clock'))}</p>`);
    if (['conflict', 'photos', 'waiting', 'phone'].includes(code))
      return notice(code === 'conflict' ? 'bad' : 'info', t(`advice.${code}`));
    return nothing;
  }

  /** @param {Rec} record */
  content(record) {
    const open = openOf(record);
    const personal = personalOf(record);
    const card = toldOf(open, personal, this.data);
    if (card) return card;
    if (!open.items) return open.reason ? html`<section class="card"><p>${open.reason}</p></section>` : nothing;
    const kind = phone.kind(record.kind);
    const {marks = {}} = personal;
    return html`${headOf(open, personal, kind, this.data)}<ol class="items">${open.items.map((item, i) => this.item(item, kind, personal.notes?.[i], personal.positions?.[i], verdictsOf(this.data.learned, open.about, item.subject), marks))}</ol>${this.others(open, marks)}`;
  }

  /**
   * @param {import('../domain/types.js').OpenItem} item @param {import('../domain/types.js').Kind|null} kind
   * @param {string|undefined} note @param {import('../domain/types.js').Position|undefined} position
   * @param {import('../domain/learned.js').Verdict[]} learned what others found of it, where it is the author's own delivery
   * @param {import('../domain/marks.js').Marks} marks
   */
  item(item, kind, note, position, learned, marks) {
    const look = lookOf(kind);
    const name = look.recordName(item, kind, this.data);
    const faults = (kind?.criteria ?? []).filter(({code}) => item.answers?.[code] === 'fail').map(failed);
    const photos = [...photosJudged(item, this.data.captures), ...item.photos];
    return html`
      <li class="item ${item.verdict ? `item-${item.verdict}` : ''}" data-subject=${item.subject}>
        <div class="item-head"><span class="item-number ${look.mono ? 'mono' : ''}">${name}</span>
          ${item.verdict ? html`<span class="chip chip-${item.verdict === 'pass' ? 'ok' : 'bad'}">${icon(item.verdict === 'pass' ? 'check' : 'cross')}${t(`verdict.${item.verdict}-short`)}</span>` : nothing}</div>
        ${item.verdict ? nothing : judgedLine(learned)}
        ${item.warning ? html`<span class="chip chip-warn">${icon('warn')}${t(`warning.${item.warning}`)}</span>` : nothing}
        ${faults.length ? html`<p class="item-faults">${t('item.faults', {list: faults.join(t('list.and'))})}</p>` : nothing}
        ${note ? html`<p class="item-about">${note}</p>` : nothing}
        ${item.voice ? voiceNote(item.voice, item.subject) : nothing}
        ${position ? html`<p class="item-about">${icon('target')} ${t('place.given', {n: Math.round(position.accuracy)})}</p>` : item.position && item.position !== 'given' ? html`<p class="item-about">${icon('target')} ${t(`no-place.${item.position}`)}</p>` : nothing}
        ${photos.length ? html`<div class="photos">${photos.map(({sha256}, i) => html`<tc-photo sha256=${sha256} label="${look.mono ? item.subject : name} ${i + 1}" .marks=${marks[sha256] ?? []}></tc-photo>`)}</div>` : nothing}
      </li>`;
  }

  /**
   * Marked photos of captures that this phone no longer holds: they are seen all the same.
   * @param {import('../domain/types.js').Open} open @param {import('../domain/marks.js').Marks} marks
   */
  others({items = []}, marks) {
    const shown = items.flatMap((item) => [...photosJudged(item, this.data.captures), ...item.photos]);
    const others = Object.keys(marks).filter((digest) => !shown.some(({sha256}) => sha256 === digest));
    if (!others.length) return nothing;
    return html`<section class="card" data-marked aria-labelledby="marked-title"><h2 class="card-title" id="marked-title">${t('record.marked')}</h2>
      <div class="photos">${others.map((sha256, i) => html`<tc-photo sha256=${sha256} label="${t('record.marked')} ${i + 1}" .marks=${marks[sha256]}></tc-photo>`)}</div></section>`;
  }

  /** @param {Shown} shown @param {State} state */
  ways(shown, state) {
    const {record, row, withdrawal: taken, amendment, confirmed} = this.data;
    const {code} = state;
    if (taken || ENDED.has(code)) return nothing;
    const work = ['inspection', 'capture', 'selection'].includes(shown.type);
    const refused = code === 'refused' || record?.photos.some((photo) => photo.state === 'refused');
    const judged = row?.judged;
    return html`
      <div class="stack-tight">
        ${refused ? wayButton('up', t('record.retry'), () => this.retry()) : nothing}
        ${code === 'held' && (state.held ?? row?.held) === 'clock' && !confirmed ? this.datings(shown) : nothing}
        ${work && record && !amendment ? wayButton('edit', t('record.correct'), () => this.correct()) : nothing}
        ${work && code !== 'refused' && !judged ? wayButton('undo', t('record.withdraw'), () => this.withdraw(shown), 'button-danger') : nothing}
        ${work && ARRIVED.has(code) ? wayButton('share', t('record.share'), () => share(titleOf(shown), `/app/records/${shown.id}`)) : nothing}
        ${judged ? html`<p class="muted small">${t('record.judged')}</p>` : nothing}
        ${code === 'refused' ? wayButton('trash', t('record.dismiss'), () => this.dismiss(), 'button-danger') : nothing}
      </div>`;
  }

  /** The whole date, and how far it is from the day on which the record arrived. @param {Shown} shown */
  whole(shown) {
    const day = dateOf(shown);
    return [wholeDayText(day), apartText(day, this.arrival())].filter(Boolean).join(' · ');
  }

  /** By the server's clock where it has told, else by this one. */
  arrival() {
    return this.data.row?.days?.last ?? localDay(Date.now());
  }

  /** Rightly dated, or done on another day; what lies ahead can wait, or be said to be of another day. @param {Shown} shown */
  datings(shown) {
    const ahead = dateOf(shown) > this.today();
    return html`
      ${ahead ? html`<p class="muted small">${t('held.ahead', {day: wholeDayText(dateOf(shown))})}</p>` : wayButton('check', t('record.confirm'), () => this.confirm(shown))}
      ${this.data.row?.days ? wayButton('edit', t('record.redate'), () => this.redate(shown)) : nothing}`;
  }

  /** Today as far as anybody knows: this clock may be the wrong one. */
  today() {
    const [mine, theirs] = [localDay(Date.now()), this.arrival()];
    return mine > theirs ? mine : theirs;
  }

  async correct() {
    const {store} = phone;
    const drafts = await store.drafts();
    const {record} = this.data;
    if (!record) return;
    const begun = drafts.find((one) => one.amends === record.id || one.replaces === record.id);
    const draft = begun ?? correction(record, Date.now());
    await store.saveDraft(draft);
    router.go(`/app/check/${draft.id}`);
  }

  /** @param {Shown} shown */
  async withdraw(shown) {
    const reason = await ask({
      title: t('withdraw.title'),
      text: t('withdraw.text'),
      yes: t('record.withdraw'),
      danger: true,
      input: {
        label: t('withdraw.reason'),
        required: t('withdraw.required'),
        choices: [t('withdraw.wrong-item'), t('withdraw.twice'), t('withdraw.mistake')],
      },
    });
    if (typeof reason === 'string')
      await this.add(withdrawal(addressOf(shown), reason, Date.now()), t('withdraw.saved'));
  }

  /** @param {Shown} shown */
  async confirm(shown) {
    const yes = await ask({
      title: t('confirm.title'),
      text: t('confirm.text', {day: this.whole(shown)}),
      yes: t('record.confirm'),
    });
    if (yes) await this.add(confirmation(addressOf(shown), Date.now()), t('confirm.saved'));
  }

  /** @param {Shown} shown */
  async redate(shown) {
    const days = this.data.row?.days;
    if (!days) return;
    const day = await ask({
      title: t('redate.title'),
      text: t('redate.text', {day: this.whole(shown)}),
      yes: t('redate.yes'),
      input: {
        label: t('redate.label'),
        hint: days.first
          ? t('redate.between', {first: dayText(days.first), last: dayText(days.last)})
          : t('redate.until', {last: dayText(days.last)}),
        required: t('redate.required'),
        days,
      },
    });
    if (typeof day === 'string') await this.add(confirmation(addressOf(shown), Date.now(), day), t('confirm.saved'));
  }

  /** @param {import('../domain/types.js').Content} content @param {string} word */
  async add(content, word) {
    try {
      await phone.store.commitFact(await freeze(content));
      phone.say(word);
    } catch (error) {
      notSaved(error);
    }
  }

  async retry() {
    const {record} = this.data;
    if (!record) return;
    await phone.store.retry(record.id);
    phone.say(t('record.retried'));
  }

  async dismiss() {
    const yes = await ask({title: t('dismiss.title'), text: t('dismiss.text'), yes: t('record.dismiss'), danger: true});
    const {record} = this.data;
    if (!yes || !record) return;
    await phone.store.dismiss(record.id);
    router.back('/app/records');
  }
}

/** The date that the record gives itself. @param {Shown} shown */
function dateOf(shown) {
  return 'open' in shown ? openOf(shown).date : shown.day;
}

/** A pulled row names its unit only; who works there acts for it. @param {Shown} shown */
function addressOf({id, unit, acting}) {
  return {id, unit, acting: acting ?? unit};
}

/** @param {string} label @param {string} value */
function fact(label, value) {
  return html`<div><dt>${t(label)}</dt><dd>${value}</dd></div>`;
}

/** @param {{fields?: Record<string, string>}} problem */
function fieldsOf({fields}) {
  const rows = Object.entries(fields ?? {}).filter(([name]) => name !== 'move'); // of a case's step the sentence says all
  return rows.length
    ? html`<p class="mono small">${rows.map(([name, why]) => `${name}: ${why}`).join(' · ')}</p>`
    : nothing;
}

/** @param {string} name @param {string} text @param {() => void} act @param {string} [extra] */
function wayButton(name, text, act, extra = '') {
  return html`<button type="button" class="button button-wide ${extra}" @click=${act}>${icon(name)}<span>${text}</span></button>`;
}

customElements.define('tc-record', RecordPage);
