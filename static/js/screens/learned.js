/** Under the records of a carrier: what became of the own receipts, month by month; what failed with its reason, the latest first. */

import {html, nothing} from 'lit';
import {months} from '../domain/learned.js';
import {dayText, monthText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {failed, sentences, t} from '../ui/language.js';
import {grouped} from '../ui/numbers.js';
import {phone} from '../ui/phone.js';

/** @typedef {import('../domain/learned.js').Verdict} Verdict */

/** @param {Verdict[]} rows */
export function learnedCard(rows) {
  if (!rows.length) return nothing;
  const bad = rows.filter(({criteria}) => criteria.length);
  return html`
    <section class="card stack-tight" data-learned aria-labelledby="learned-title">
      <h2 class="card-title" id="learned-title">${t('learned.title')}</h2>
      ${months(rows).map((month) => html`<p data-month=${month.month}><b>${monthText(month.month)}</b> ${line(month)}</p>`)}
      ${bad.length ? html`<details class="fold"><summary>${icon('list')}${t('learned.each', {n: bad.length})}</summary><ul class="records">${bad.map(one)}</ul></details>` : nothing}
    </section>`;
}

/** `118 receipts looked at, 2 of them: no date 2`. @param {import('../domain/learned.js').Month} month */
function line({seen, failed: several, faults}) {
  if (!several) return t('learned.all-pass', {n: seen});
  const list = faults.map(([fault, n]) => t('learned.fault', {name: faultName(fault), n})).join(t('list.and'));
  return sentences([t('learned.seen', {n: seen}), t('learned.failed', {n: several, list})]);
}

/** @param {string} fault `kind/criterion` */
function faultName(fault) {
  const [kind, code] = fault.split('/');
  const criterion = phone.kind(kind)?.criteria.find((one) => one.code === code);
  return criterion ? failed(criterion) : code;
}

/** @param {Verdict} verdict */
function one({kind, number, day, criteria}) {
  return html`<li class="learned-one"><span class="mono">${grouped(number)}</span> <small class="muted">${dayText(day)}</small>
    ${faults(kind, criteria)}</li>`;
}

/** What failed, in words. @param {string} kind @param {string[]} criteria */
const faults = (kind, criteria) =>
  html`<p class="item-faults">${criteria.map((code) => faultName(`${kind}/${code}`)).join(t('list.and'))}</p>`;

/** Beside an item of the own capture: what somebody who looked at it found. @param {Verdict[]} verdicts */
export function judgedLine(verdicts) {
  const [worst] = verdicts;
  if (!worst) return nothing;
  const pass = worst.verdict === 'pass';
  return html`<span class="chip chip-${pass ? 'ok' : 'bad'}" data-verdict=${worst.verdict}>${icon(pass ? 'check' : 'cross')}${t(`verdict.${pass ? 'pass' : 'fail'}-short`)}</span>${
    worst.criteria.length ? faults(worst.kind, worst.criteria) : nothing
  }`;
}
