/** Small words and shapes of Today that other screens use too. */

import {subjectOf} from '../domain/subjects.js';
import {classOf} from '../domain/worklists.js';

/** @param {import('../domain/types.js').Kind} kind */
export function kindIcon(kind) {
  if (kind.type === 'capture') return 'camera';
  return classOf(kind) === 'parcel' ? 'parcel' : (subjectOf(kind)?.icon ?? 'verdict');
}
