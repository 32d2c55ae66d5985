import { escapeHtml } from '../domain/escape-html.ts';

/** The languages of the product's own pages. */
export type Language = 'en' | 'no';

/** Norwegian where the browser prefers it to English. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const first = (acceptLanguage ?? '')
    .toLowerCase()
    .split(',')
    .find((one) => /^\s*(en|no|nb|nn)\b/.test(one));
  return first && !/^\s*en/.test(first) ? 'no' : 'en';
}

const baseStyle = `
:root{color-scheme:light dark;--ink:#16302b;--soft:#5b706b;--line:#d9e4e0;--paper:#fbfdfc;--card:#fff;--spring:#0b7a63;--warn:#a33a2a}
@media(prefers-color-scheme:dark){:root{--ink:#e7f1ee;--soft:#9db3ad;--line:#2b3f3a;--paper:#0f1a17;--card:#152420;--spring:#4fd1b0;--warn:#ff9d8a}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:44rem;margin:0 auto;padding:3rem 1.25rem}h1{font-size:1.7rem;line-height:1.25;margin:0 0 .75rem}
h2{font-size:1.1rem;margin:2rem 0 .5rem}p{margin:.5rem 0}a{color:var(--spring)}.soft{color:var(--soft)}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.25rem;margin:1rem 0}
label{display:block;margin:.75rem 0;font-weight:600}input,textarea{display:block;width:100%;margin-top:.25rem;padding:.6rem .7rem;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:8px}
button,.button{display:inline-block;padding:.6rem 1.1rem;border:0;border-radius:8px;background:var(--spring);color:var(--paper);font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
:focus-visible{outline:3px solid var(--spring);outline-offset:2px}ol{padding-left:1.2rem}li{margin:.4rem 0}
table{border-collapse:collapse;width:100%;font-size:.95rem}th,td{text-align:left;padding:.45rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;color:var(--soft)}code,pre{font:13px/1.5 ui-monospace,monospace}pre{overflow:auto;padding:.8rem;border:1px solid var(--line);border-radius:8px}.warn{color:var(--warn)}`;

/**
 * A small page of Kilde's own, without anything from outside. `title` is escaped here; `body` is HTML.
 * The policy allows the page's own style, forms to anywhere it was sent from, and no script but `script`.
 */
export function htmlPage({
  title,
  body,
  language,
  status = 200,
  script = false,
  style = '',
}: {
  title: string;
  body: string;
  language: Language;
  status?: number;
  /** Whether scripts of this host may run. */
  script?: boolean;
  /** Rules of this page, after those that every page has. */
  style?: string;
}): Response {
  const html = `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${baseStyle}${style}</style></head><body><main>${body}</main></body></html>`;
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    ...(script ? ["script-src 'self'", "connect-src 'self'"] : []),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'cache-control': 'no-store',
    },
  });
}
