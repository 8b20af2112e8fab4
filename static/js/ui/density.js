/** How close the rows of the ledger stand: as this browser's person likes it. The styles ask `<html data-density>`. */

const KEPT = 'toucha-density';
const COMPACT = 'compact';

/** @param {Document} page @param {Storage} kept */
export const startDensity = (page, kept) => {
  const root = page.documentElement;
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (page.querySelectorAll('[data-density-switch] button'));
  const show = () => {
    const chosen = kept.getItem(KEPT) === COMPACT ? COMPACT : 'comfortable';
    root.dataset.density = chosen;
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === chosen));
  };
  for (const button of buttons) {
    /** @type {HTMLElement} */ (button.parentElement).hidden = false;
    button.addEventListener('click', () => {
      kept.setItem(KEPT, button.value);
      show();
    });
  }
  show();
};
