/** What kind of browser this is, where only its name tells. */

/** WeChat's own browser: no install, and its storage is swept. */
export function isWeChat() {
  return /MicroMessenger/i.test(navigator.userAgent);
}

export function isApple() {
  return /iPhone|iPad|iPod/.test(navigator.userAgent);
}

/** Opened from the home screen. */
export function isInstalled() {
  return matchMedia('(display-mode: standalone)').matches || /** @type {any} */ (navigator).standalone === true;
}
