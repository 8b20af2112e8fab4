/** What the phone makes of drafts, heads, sessions and texts: asked by tests/unit/sync/test_phone_and_server.py, line by line. */

import {createInterface} from 'node:readline';
import {ready, toFact} from '../../static/js/domain/checks.js';
import {difference, headerLacks, readCount, readLines} from '../../static/js/domain/form-heads.js';
import {readNumber, readNumbers} from '../../static/js/domain/numbers.js';
import {sessionsIn} from '../../static/js/domain/sessions.js';
import {isBlank, lengthOf, tidy} from '../../static/js/domain/text-lengths.js';

const ANSWERS = {
  fact: ({draft, kind, today}) => {
    const lacks = ready(draft, kind, today);
    const ended = `${today}T10:00:00.000+08:00`;
    return {lacks: lacks.map(({code}) => code), content: lacks.length ? null : toFact(draft, kind, {ended})};
  },
  head: ({header, kind}) => ({lacks: headerLacks(header, kind)}),
  sum: ({header, sums}) => difference(header, sums),
  sessions: ({rule, records}) => sessionsIn(rule, records),
  number: ({text}) => readNumber(text),
  numbers: ({text}) => readNumbers(text),
  lines: ({text}) => readLines(text),
  count: ({text}) => readCount(text),
  text: ({text}) => ({length: lengthOf(text), blank: isBlank(text), tidy: tidy(text)}),
};

for await (const line of createInterface({input: process.stdin})) {
  const {ask, ...what} = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(ANSWERS[ask](what))}\n`);
}
