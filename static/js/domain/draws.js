/** What is still to be photographed or judged: the pulled lists, less what this phone has done since. Values only. */

/**
 * @typedef {import('./types.js').UnitRow<'draws'>} Draw
 * @typedef {Draw['items'][number]} Drawn
 * @typedef {import('./types.js').UnitRow<'captures'>} Capture
 * @typedef {import('./types.js').Rec} Rec
 * @typedef {{id: string, author: string, photos: {sha256: string, size: number, type: string}[], voice?: import('./types.js').VoiceName|null}} Evidence
 * @typedef {{number: string, class: string|null, route?: string|null, tag?: string|null, name?: string|null, words?: string, captures: Evidence[]}} Listed
 * @typedef {{unit: string, day: string, announced: boolean, items: Listed[], done: number}} DayList
 */

/** @param {string} unit @param {string} day @param {string} number */
const key = (unit, day, number) => `${unit} ${day} ${number}`;

/** Items with a record of this type on this phone; refused and withdrawn ones do not count. @param {Rec[]} records @param {string} type @param {(record: Rec) => boolean} [wanted] */
export function touched(records, type, wanted = () => true) {
  const keys = inForce(records, type)
    .filter(wanted)
    .flatMap(({unit, day, subjects}) => subjects.map((subject) => key(unit, day, subject)));
  return new Set(keys);
}

/** What was judged on this phone in checks of the kind about that day. @param {Rec[]} records @param {{kind: string, unit: string, about: string|null}} check */
export function judgedHere(records, {kind, unit, about}) {
  const good = inForce(records, 'inspection');
  const own = good.filter((record) => record.kind === kind && record.unit === unit && record.day === about);
  return new Set(own.flatMap(({subjects}) => subjects));
}

/** @param {Rec[]} records all of this phone: a withdrawal is of no kind @param {string} type */
function inForce(records, type) {
  const withdrawn = new Set(records.map(({target}) => target).filter(Boolean));
  return records.filter((record) => record.type === type && record.state !== 'refused' && !withdrawn.has(record.id));
}

/**
 * A carrier's own drawn items, by day, newest first; one that was judged without a photo needs none any more.
 * @param {Draw[]} draws @param {Rec[]} records @returns {DayList[]}
 */
export function toCapture(draws, records) {
  const here = touched(records, 'capture');
  return byDay(
    draws,
    ({mine, captured, judged}) => mine && (captured || !judged),
    ({captured, number}, list) => captured || here.has(key(list.unit, list.day, number)),
  );
}

/**
 * Items that wait for somebody else's verdict, with the evidence that has come in.
 * @param {Draw[]} draws @param {Capture[]} captures @param {Rec[]} records
 * @param {string} me the person's id, who judges no own delivery
 * @param {(kind: string) => boolean} judges whether records of the kind judge what was drawn
 * @returns {DayList[]}
 */
export function toJudge(draws, captures, records, me, judges) {
  const here = touched(records, 'inspection', ({kind}) => kind !== null && judges(kind));
  const lists = byDay(
    draws,
    ({mine}) => !mine,
    ({judged, number}, list) => judged || here.has(key(list.unit, list.day, number)),
  );
  for (const capture of captures) {
    if (capture.author.id === me) continue;
    const list = listOf(lists, capture.unit, capture.day);
    for (const item of capture.items) attach(list, item, capture, here);
  }
  return lists.filter(({items, done}) => items.length || done).sort(newestFirst);
}

/** @param {DayList[]} lists @param {string} unit @param {string} day */
function listOf(lists, unit, day) {
  let list = lists.find((one) => one.unit === unit && one.day === day);
  if (!list) {
    list = {unit, day, announced: false, items: [], done: 0};
    lists.push(list);
  }
  return list;
}

/** @param {DayList} list @param {Capture['items'][number]} item @param {Capture} capture @param {Set<string>} here */
function attach(list, item, capture, here) {
  if (here.has(key(list.unit, list.day, item.subject))) return;
  let row = list.items.find(({number}) => number === item.subject);
  if (!row) {
    row = {number: item.subject, class: item.class ?? null, captures: []};
    list.items.push(row);
  }
  row.captures.push({id: capture.id, author: capture.author.name, photos: item.photos, voice: item.voice ?? null});
}

/**
 * @param {Draw[]} draws @param {(item: Drawn) => boolean} wanted @param {(item: Drawn, draw: Draw) => boolean} isDone
 * @returns {DayList[]}
 */
function byDay(draws, wanted, isDone) {
  /** @type {DayList[]} */
  const lists = [];
  for (const draw of draws) {
    const items = draw.items.filter(wanted);
    if (!items.length) continue;
    const list = listOf(lists, draw.unit, draw.day);
    list.announced ||= draw.announced;
    for (const item of items) {
      if (isDone(item, draw)) list.done += 1;
      else list.items.push({...item, captures: []});
    }
  }
  return lists.sort(newestFirst);
}

/**
 * What was photographed stays in sight until it is saved, though its item has left the list meanwhile.
 * @param {DayList[]} lists @param {import('./types.js').Draft[]} drafts of captures
 * @returns {DayList[]}
 */
export function withTaken(lists, drafts) {
  const all = lists.map((list) => ({...list, items: [...list.items]}));
  for (const {unit, about, items} of drafts) {
    const list = listOf(all, unit, about ?? '');
    const listed = new Set(list.items.map(({number}) => number));
    const gone = items.filter(({subject}) => !listed.has(subject));
    list.items.push(...gone.map((item) => ({number: item.subject, class: item.class ?? null, captures: []})));
  }
  return all.sort(newestFirst);
}

/** The photos that were judged with an item, as far as this phone still holds their captures. @param {{subject: string, captures?: string[]}} item @param {Capture[]} captures */
export function photosJudged({subject, captures: ids = []}, captures) {
  const judged = captures.filter(({id}) => ids.includes(id)).flatMap(({items}) => items);
  return judged.filter((one) => one.subject === subject).flatMap(({photos}) => photos);
}

/** @param {DayList} a @param {DayList} b */
function newestFirst(a, b) {
  return a.day < b.day ? 1 : a.day > b.day ? -1 : 0;
}

/** @param {DayList[]} lists */
export function countOf(lists) {
  return lists.reduce((sum, {items}) => sum + items.length, 0);
}
