/** What kind of browser this is, where only its name tells. */

/** WeChat's own browser: no install, and its storage is swept. */
export function isWeChat() {
  return /MicroMessenger/i.test(navigator.userAgent);
}

export function isApple() {
  const {userAgent, maxTouchPoints} = navigator;
  return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1); // so do iPads call themselves
}

/** Opened from the home screen. */
export function isInstalled() {
  return (
    matchMedia('(display-mode: standalone)').matches ||
    /** @type {Navigator & {standalone?: boolean}} */ (navigator).standalone === true
  );
}
