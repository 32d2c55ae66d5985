/**
 * The tracker: `<script async src="https://edge.example.com/k.js" data-site="key">`. It tells the edge of the arrival, and
 * gives the forms that post to the edge what their address alone does not say. It never throws into the page, and
 * its one global is `kilde`.
 *
 * Written to be small (1,024 bytes gzipped) in syntax of ES2018; `tools/build-tracker.ts` builds it.
 */
export type Kilde = {
  /** Says that the visitor has consented (the arrival held in this page is recorded, once) or no longer does. */
  consent(given: boolean): void;
  /** The signed journey, where the page keeps it: for sites that post their forms themselves, as `_journey`. */
  journey(): string | null;
};

declare global {
  interface Window {
    kilde?: Kilde;
    /** The visitor's answer, where the page knows it before this script has loaded. */
    kildeConsent?: boolean;
  }
  interface Document {
    /** Chromium alone. */
    prerendering?: boolean;
  }
}

const storageKey = 'kilde_journey';

/** The same function, answering with nothing where it would throw. */
function quietly<Args extends unknown[]>(work: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    try {
      work(...args);
    } catch {}
  };
}

quietly(() => {
  const script = document.currentScript as HTMLScriptElement;
  const base = script.src.replace(/k\.js([?#].*)?$/, '');
  const referrer = document.referrer;
  // A fragment is not for servers, and may hold a secret: it goes along only where a campaign put its mark in it.
  const pageUrl = /utm_|id=/i.test(location.hash) ? location.href : location.href.split('#')[0]!;
  // Reload, back and forward show an old address again. So does telling of this arrival a second time.
  let isAgain = /^(rel|back)/.test(
    (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming)?.type,
  );
  let consented: boolean | undefined;
  /** The journey where storage refuses it: it lives as long as the page. */
  let unstored: string | null = null;

  const journey = () => {
    try {
      return unstored || localStorage.getItem(storageKey);
    } catch {
      return unstored;
    }
  };

  const keep = (token: string | null) => {
    unstored = null;
    try {
      if (token) localStorage.setItem(storageKey, token);
      else localStorage.removeItem(storageKey);
    } catch {
      unstored = token;
    }
  };

  // One at a time, so that a withdrawn consent is never overtaken; and nothing while the page is only rendered ahead.
  let queue: Promise<unknown> = document.prerendering
    ? new Promise((resolve) => document.addEventListener('prerenderingchange', resolve))
    : Promise.resolve();

  const tell = (what: Record<string, string>) => {
    queue = queue
      .then(() => {
        const query = new URLSearchParams(what);
        const site = script.getAttribute('data-site');
        const token = journey();
        if (site) query.set('site', site);
        if (token) query.set('j', token);
        return fetch(`${base}t?${query}`, { credentials: 'include', keepalive: true });
      })
      .then((answer) =>
        answer.status === 200 ? answer.json().then((body) => keep((body as { journey: string | null }).journey)) : null,
      )
      .catch(() => {});
  };

  const arrive = () => {
    const what: Record<string, string> = { u: pageUrl, r: referrer };
    if (isAgain) what.n = '1';
    if (consented) what.c = '1';
    isAgain = true;
    tell(what);
  };

  const consent = quietly((given: boolean) => {
    if (consented === given) return;
    consented = given;
    if (given) return arrive();
    keep(null);
    tell({ c: '0' });
  });

  /** The form's content when it was last read, and the id given to it: a second click reads the same again. */
  const ids = new WeakMap<EventTarget, [content: string, id: string]>();

  // Fired for a native submit, for form.submit() and for new FormData(form); after the form's own listeners.
  document.addEventListener(
    'formdata',
    quietly(({ target, formData }: FormDataEvent) => {
      const action = (target as Element).getAttribute('action')!;
      if (!new URL(action, document.baseURI).href.startsWith(`${base}f/`)) return;
      // A file has no JSON of its own: its name stands for it.
      const content = JSON.stringify([...formData], (_, value) => value.name || value);
      const known = ids.get(target!);
      const id = known && known[0] === content ? known[1] : crypto.getRandomValues(new Uint32Array(4)).join('-');
      ids.set(target!, [content, id]);
      const fields: Record<string, string | null> = {
        _page: pageUrl,
        _ref: referrer,
        _t: `${Math.round(performance.now())}`,
        _journey: journey(),
        _id: id,
      };
      for (const name in fields) if (fields[name] && !formData.has(name)) formData.set(name, fields[name]);
    }),
  );

  window.kilde = { consent, journey };
  const early = window.kildeConsent;
  if (early === true || early === false) consent(early);
  else if (script.getAttribute('data-consent') !== 'required') arrive();
})();
