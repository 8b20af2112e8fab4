/** How bad something is, as the rules of cases have it. */

/** How heavy a severity is among those of the rules: 0 the lightest, 1 between, 2 the heaviest. @param {import('./cases.js').CaseRules|null} rules @param {string} code */
export function weightOf(rules, code) {
  const codes = (rules?.severities ?? []).map((one) => one.code);
  const at = codes.indexOf(code);
  if (at <= 0) return 0;
  return at === codes.length - 1 ? 2 : 1;
}
