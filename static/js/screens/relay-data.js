/** What the round over relay points reads from the store: the points of the route, how each stands, where, and in which order. */

import {isEmpty} from '../domain/checks.js';
import {localDay} from '../domain/days.js';
import {ahead} from '../domain/register.js';
import {standsOf, statesOf, visitsIn} from '../domain/round.js';
import {kindAt, mends, pointsFor, workplaces} from '../domain/work.js';
import {phone} from '../ui/phone.js';

/** @typedef {Awaited<ReturnType<typeof readRelay>>} Data */

/** @type {import('../domain/round.js').Rounds[string]} */
const NO_ROUND = {route: null, orders: {}};

/** @param {string|null} code of the kind, where the address names one */
export async function readRelay(code) {
  const {store} = phone;
  const kind = kindAt('relay', code, phone.kinds);
  const [units, chosen, records, drafts, pulled, rounds] = await Promise.all([
    store.rows('unit'),
    store.get('unit'),
    store.records(),
    store.drafts(),
    store.get('pulled'),
    store.get('rounds'),
  ]);
  const places = kind ? workplaces(units, [kind]) : [];
  const unit = places.find((one) => one.code === chosen) ?? places[0] ?? null;
  const sections = unit ? await store.sections(unit.code, ['points', 'problems']) : {points: [], problems: []};
  const all = unit ? pointsFor(unit, sections.points) : [];
  const {route: wanted, orders} = rounds?.[unit?.code ?? ''] ?? NO_ROUND;
  const routes = (unit?.routes ?? []).filter(({id}) => all.some((point) => point.route === id));
  const route = routes.find(({id}) => id === wanted) ?? null;
  const points = route ? all.filter((point) => point.route === route.id) : all;
  const today = localDay(Date.now());
  const visits = visitsIn(records, unit?.code ?? '', kind?.code ?? '');
  const begun = drafts.filter((one) => one.kind === kind?.code && !isEmpty(one, kind) && !mends(one));
  return {
    kind,
    unit,
    points,
    elsewhere: all.length - points.length,
    route,
    kept: orders[route?.id ?? ''] ?? [],
    states: statesOf(all, {visits, problems: sections.problems.filter((one) => one.kind === kind?.code), today}),
    stands: standsOf(all, {visits, said: ahead(records, unit?.code, pulled)}),
    done: new Set(visits.filter(({day}) => day === today).flatMap(({subjects}) => subjects)),
    begun: new Map(begun.map((draft) => [draft.items[0].subject, draft.id])),
    walked: routes,
    routes: new Map((unit?.routes ?? []).map((one) => [one.id, one.code])),
    routeNames: new Map((unit?.routes ?? []).map((one) => [one.id, one.name || one.code])),
  };
}

/** Which route is walked, and in which order: kept on this phone, for this person. @param {Data} data @param {{route?: string|null, order?: string[]}} change */
export async function keepRound({unit, route}, change) {
  const {store} = phone;
  const rounds = (await store.get('rounds')) ?? {};
  const code = unit?.code ?? '';
  const {route: before, orders} = rounds[code] ?? NO_ROUND;
  const next = {
    route: change.route === undefined ? before : change.route,
    orders: change.order ? {...orders, [route?.id ?? '']: change.order} : orders,
  };
  await store.set('rounds', {...rounds, [code]: next});
}
