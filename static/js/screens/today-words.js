/** Small words and shapes of Today that other screens use too. */

import {subjectOf} from '../domain/subjects.js';
import {classOf} from '../domain/worklists.js';
import {PATHS} from '../ui/icon-paths.js';

/** @param {import('../domain/types.js').Kind} kind */
export function kindIcon(kind) {
  if (kind.type === 'capture') return 'camera';
  const own = classOf(kind) ?? '';
  return own in PATHS ? own : (subjectOf(kind)?.icon ?? 'verdict'); // a class of mail may have an outline of its own
}
