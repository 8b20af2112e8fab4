/** Before anybody is known on this phone: the way in, or why there is none now. */

import {html, nothing, render} from 'lit';
import {isWeChat} from '../ui/browser.js';
import {icon} from '../ui/icons.js';
import {language, speak, t} from '../ui/language.js';

/** @param {HTMLElement} root gives its place @param {string} reason `sign-in`, `temporary-password`, `offline`, `busy`, `server`, `storage`, `older` */
export function gate(root, reason) {
  const place = document.createElement('div');
  root.replaceWith(place);
  const draw = () => {
    document.title = t('product');
    render(page(reason, draw), place);
  };
  draw();
}

/** @param {string} reason @param {() => void} draw */
function page(reason, draw) {
  const other = language() === 'zh' ? 'en' : 'zh';
  const switchTo = async () => {
    await speak(other, {keep: true});
    draw();
  };
  return html`
    <main class="gate" data-gate=${reason}>
      <img class="gate-logo" src="/static/icons/icon.svg" alt="" width="96" height="96">
      <h1 class="gate-name">${t('product')}</h1>
      <p class="muted">${t('motto')}</p>
      <div class="card stack gate-card">
        <h2>${t(`gate.${reason}.title`)}</h2>
        <p>${t(`gate.${reason}.text`)}</p>
        ${isWeChat() ? html`<p class="notice notice-warn">${icon('warn')}<span>${t('gate.wechat')}</span></p>` : nothing}
        ${way(reason)}
      </div>
      <button type="button" class="button button-quiet" lang=${other === 'zh' ? 'zh-CN' : 'en'} @click=${switchTo}>${icon('language')}<span>${t(`language.${other}`)}</span></button>
    </main>`;
}

/** @param {string} reason */
function way(reason) {
  if (reason === 'sign-in')
    return html`<a class="button button-primary button-wide" href="/login?next=/app/" data-server>${t('sign-in')}</a>`;
  if (reason === 'temporary-password')
    return html`<a class="button button-primary button-wide" href="/account" data-server>${t('own-password')}</a>`;
  return html`<button type="button" class="button button-primary button-wide" @click=${() => location.reload()}>${t('try-again')}</button>`;
}
