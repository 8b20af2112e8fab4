/** What can wait for the next picture, so that a tap is answered at once. */

const UNSEEN = 150; // ms: a page that is put aside draws nothing, and its work goes on all the same

/** Runs once, after the frame that is drawn now has been shown. @param {() => void} work */
export function afterPaint(work) {
  let done = false;
  const once = () => {
    if (!done) work();
    done = true;
  };
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, UNSEEN);
}

/** When what was changed can be seen. @returns {Promise<void>} */
export function painted() {
  return new Promise((resolve) => afterPaint(() => resolve()));
}
