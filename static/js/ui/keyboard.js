/** How much of the page the keyboard on the screen covers: bars at the bottom stand above it, and rows can be scrolled free of it. */

const LEAST = 120; // px: less is a browser's own bar

/** @param {Window} window */
export function watchKeyboard({visualViewport: seen, document: {documentElement: root}}) {
  if (!seen) return;
  const look = () => {
    const covered = Math.round(root.clientHeight - seen.height - seen.offsetTop);
    const open = covered > LEAST && seen.scale === 1;
    root.style.setProperty('--keyboard', `${open ? covered : 0}px`);
    root.classList.toggle('keyboard-up', open);
  };
  seen.addEventListener('resize', look);
  seen.addEventListener('scroll', look);
}
