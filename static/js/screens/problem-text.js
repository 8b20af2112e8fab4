/** Why something was refused, in the person's language where we know the code; else the server's own sentence. */

import {t, tOr} from '../ui/language.js';

/** @param {{code: string, message?: string}} problem */
export function problemText({code, message}) {
  return tOr(`problem.${code}`, message || t('problem.other', {code}));
}

/** What to do about it. @param {{code: string}} problem */
export function remedyText({code}) {
  return tOr(`remedy.${code}`, t('remedy.other'));
}
