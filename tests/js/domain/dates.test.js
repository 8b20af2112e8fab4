/** A day reads on the phone as it reads at the desk. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {dayText} from '../../../static/js/domain/dates.js';

const rows = JSON.parse(readFileSync(new URL('../../vectors/dates.json', import.meta.url), 'utf8'));

for (const row of rows) {
  test(`${row.day} in both languages, with and without its year and weekday`, () => {
    for (const language of /** @type {('zh'|'en')[]} */ (['zh', 'en'])) {
      assert.equal(dayText(row.day, language), row[language]);
      assert.equal(dayText(row.day, language, {weekday: true}), row[`${language}_weekday`]);
      assert.equal(dayText(row.day, language, {year: false}), row[`${language}_short`]);
      assert.equal(dayText(row.day, language, {year: false, weekday: true}), row[`${language}_short_weekday`]);
    }
  });
}
