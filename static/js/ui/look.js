/**
 * How this browser looks and answers: theme, size of the text, the hand that holds the phone, sound, vibration, density. Chosen in this
 * browser and kept in it, for the app and the desk alike: it belongs to the eyes and the light here, not to the person's account.
 */

/** The first of each is what nobody has to choose. */
export const CHOICES = {
  theme: ['system', 'light', 'dark'],
  text: ['normal', 'large', 'largest'],
  hand: ['right', 'left'],
  sound: ['on', 'off'],
  vibration: ['on', 'off'],
  density: ['comfortable', 'compact'], // how close the rows of the ledger stand
};
/** @typedef {keyof typeof CHOICES} Choice */

export const KEY = 'toucha-look';
const SEEN = /** @type {Choice[]} */ (['theme', 'text', 'hand', 'density']); // what CSS asks for at the root
const BAR = {light: '#0d5c40', dark: '#17362a'}; // --bar of tokens.css

/** @returns {Record<string, unknown>} */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return found && typeof found === 'object' ? found : {};
  } catch {
    return {}; // storage switched off, or not ours: nothing was chosen
  }
}

/** @param {Choice} name @returns {string} one of its `CHOICES` */
export function chosen(name) {
  const value = String(kept()[name]);
  return CHOICES[name].includes(value) ? value : CHOICES[name][0];
}

/** Here at once, and in every page of this browser that is open or will be. @param {Choice} name @param {string} value one of its `CHOICES` */
export function choose(name, value) {
  try {
    localStorage.setItem(KEY, JSON.stringify({...kept(), [name]: value}));
  } catch {
    // shown until the page is left
  }
  dress(name, value);
}

/** Writes to the root what CSS asks for. @param {Choice} [name] @param {string} [value] what storage could not keep */
export function dress(name, value) {
  const root = document.documentElement;
  for (const one of SEEN) {
    const wanted = one === name && value ? value : chosen(one);
    if (wanted === CHOICES[one][0]) delete root.dataset[one];
    else root.dataset[one] = wanted;
  }
  colourBar(root.dataset.theme);
}

/** The browser's own bar. @param {string} [theme] light or dark; without: what the system says */
function colourBar(theme) {
  for (const meta of /** @type {NodeListOf<HTMLMetaElement>} */ (
    document.querySelectorAll('meta[name="theme-color"]')
  )) {
    const own = meta.media.includes('dark') ? 'dark' : 'light';
    meta.content = BAR[theme === 'light' || theme === 'dark' ? theme : own];
  }
}
