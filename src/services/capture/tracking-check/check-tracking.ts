import { findForbidding } from '../../../domain/capture/tracking-check/content-security-policy.ts';
import { notFound } from '../../../domain/errors.ts';
import { registrableDomain } from '../../../domain/hosts/registrable-domain.ts';
import { toIso } from '../../../domain/iso-time.ts';
import { isHostWithin } from '../../capture-settings.ts';
import type { FormWithSite } from '../../capture-settings.ts';
import { refuseOrigin } from '../page-hosts.ts';
import { explainArrival } from '../../attribution/explain-arrival.ts';
import type { SendContext } from '../../deliveries/send-signed.ts';
import type { ServiceContext } from '../../service-context.ts';
import { fetchPage } from './fetch-page.ts';
import type { FetchedPage } from './fetch-page.ts';
import { readPageElements } from './read-page-elements.ts';
import type { PageElements } from './read-page-elements.ts';

export const checkSteps = ['page', 'script', 'arrival', 'form', 'journey', 'lead'] as const;
export type CheckStep = (typeof checkSteps)[number];

/** `browser`: only a browser can see it; the app tries it in one. */
export const checkResults = ['works', 'fails', 'browser', 'notTried'] as const;
export type CheckResult = (typeof checkResults)[number];

/** `fix` is the exact text to paste; null where there is none. */
export type StepAnswer = { step: CheckStep; result: CheckResult; text: string; fix: string | null };

export type CheckAnswer = {
  page: string;
  form: { id: string; name: string };
  site: { id: string; name: string };
  at: string;
  steps: StepAnswer[];
};

type Context = ServiceContext & SendContext;

/** Kilde's own addresses, as a page outside names them. */
type OwnAddresses = { script: string; form: string; base: string };

type Checked = { page: FetchedPage; elements: PageElements; form: FormWithSite; own: OwnAddresses };
type Outcome = Omit<StepAnswer, 'step'>;

const works = (text: string): Outcome => ({ result: 'works', text, fix: null });
const fails = (text: string, fix: string | null = null): Outcome => ({ result: 'fails', text, fix });

/**
 * Checks a page that should be tracked, and whose form should be sent to Kilde: six steps in order, up to the first that fails. The page
 * is fetched from the server, as a stranger sees it. Nothing is stored.
 * @throws KildeError `not_found` of a form that there is not.
 */
export async function checkTracking(
  context: Context,
  { key, page: address, own }: { key: string; page: string; own: OwnAddresses },
): Promise<CheckAnswer> {
  const { form } = await context.settings.withForm(key);
  if (!form || form.deletedAt !== null) throw notFound('form');
  const answer = (outcomes: Outcome[]): CheckAnswer => ({
    page: address,
    form: { id: form.key, name: form.name },
    site: { id: form.site.key, name: form.site.name },
    at: toIso(context.clock()),
    steps: checkSteps.map((step, index) => ({
      step,
      ...(outcomes[index] ?? { result: 'notTried', text: 'Tried once the steps before it work.', fix: null }),
    })),
  });

  const page = await fetchPage(context, address);
  if ('problem' in page) return answer([fails(page.problem)]);
  const elements = await readPageElements(page.html);
  const checked = { page, elements, form, own };
  const outcomes: Outcome[] = [];
  for (const check of [checkPage, checkScript, checkArrival, checkForm]) {
    const outcome = await check(checked, context);
    outcomes.push(outcome);
    if (outcome.result === 'fails') return answer(outcomes);
  }
  return answer([...outcomes, ...inBrowser]);
}

const inBrowser: Outcome[] = [
  {
    result: 'browser',
    text: 'Open the page in a browser and see whether the form gets a hidden field _journey, or the browser sends the cookie with it.',
    fix: null,
  },
  { result: 'browser', text: 'Send the form in a browser; the lead stands under the latest submissions.', fix: null },
];

function checkPage({ page: { status, headers, milliseconds }, elements }: Checked): Outcome {
  const type = headers.get('content-type') ?? '';
  if (status === 401 || status === 403) return fails(`The page answers ${status}: it is behind a login.`);
  if (status !== 200) return fails(`The page answers ${status}.`);
  if (!/\bhtml\b/i.test(type))
    return fails(`The address gives ${type.slice(0, 100) || 'no type'} and no page of HTML.`);
  const login = elements.hasPassword ? ' It has a field for a password: see that it is the page and no login.' : '';
  return works(`The page answers 200 in ${(milliseconds / 1000).toFixed(1)} s.${login}`);
}

const attribute = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

function addressIn({ page, elements }: Checked, text: string): URL | null {
  const base =
    elements.base !== null && URL.canParse(elements.base, page.url) ? new URL(elements.base, page.url) : page.url;
  return URL.canParse(text, base) ? new URL(text, base) : null;
}

const policiesOf = ({ page, elements }: Checked): string[] => [
  ...[page.headers.get('content-security-policy')].flatMap((one) => one ?? []),
  ...elements.policies,
];

function checkScript(checked: Checked): Outcome {
  const { page, elements, form, own } = checked;
  const tag = `<script async src="${attribute(own.script)}" data-site="${attribute(form.site.key)}"></script>`;
  const found = elements.scripts.filter(
    ({ src }) => addressIn(checked, src)?.href.replace(/[?#].*$/, '') === own.script,
  );
  const [script] = found;
  if (!script) {
    const elsewhere = elements.scripts.find(({ src }) => /(^|\/)k\.js([?#]|$)/.test(src));
    return elsewhere
      ? fails(`The script is loaded from ${elsewhere.src.slice(0, 200)}, which is not this Kilde.`, tag)
      : fails('The page has no script of Kilde. One that another script adds is only seen in a browser.', tag);
  }
  if (found.length > 1) return fails(`The script stands in the page ${found.length} times. Keep one.`, tag);
  if (script.site !== form.site.key) {
    const named = script.site === null ? 'names no site' : `names the site ${script.site.slice(0, 100)}`;
    return fails(`The script ${named}; the form belongs to ${form.site.key}.`, tag);
  }
  const policies = policiesOf(checked);
  const url = new URL(own.script);
  const forbidding =
    findForbidding(policies, { directive: 'script-src', loaded: { url, nonce: script.nonce }, page: page.url }) ??
    findForbidding(policies, { directive: 'connect-src', loaded: { url: new URL(`${own.base}/t`) }, page: page.url });
  if (forbidding) {
    return fails(
      `The security policy of the page forbids it: ${forbidding.slice(0, 300)}. Allow ${url.origin} in script-src and connect-src.`,
      url.origin,
    );
  }
  const policy = policies.length > 0 ? '; the security policy lets it load' : '';
  return works(`k.js stands in it once, for the site ${form.site.key}${policy}.`);
}

async function checkArrival({ page, form, own }: Checked, context: Context): Promise<Outcome> {
  const { site } = form;
  const host = page.url.hostname;
  if (site.domains.length > 0 && !isHostWithin(host.replace(/^www\./, ''), site.domains)) {
    return fails(
      `${host} is not among the domains of the site ${site.key}: ${site.domains.join(', ').slice(0, 300)}.`,
      host,
    );
  }
  if (!site.utmTracking) return fails(`UTM tracking is switched off for the site ${site.key}.`);
  const u = new URL(page.url);
  u.searchParams.set('utm_source', 'check');
  u.searchParams.set('utm_medium', 'test');
  const { origin, channel } = await explainArrival(context, { u: u.href, site: site.key, language: 'en' });
  if (origin.source !== 'check')
    return fails(`utm_source=check gives the source ${String(origin.source).slice(0, 100)}.`);
  const isNear =
    registrableDomain(host) !== null && registrableDomain(host) === registrableDomain(new URL(own.base).hostname);
  const kept = isNear
    ? `in a signed cookie of ${new URL(own.base).hostname}, which browsers send from ${host}`
    : `by the script in the storage of ${host}, since ${new URL(own.base).hostname} belongs to another domain and its cookie is not sent from there`;
  const consent =
    site.consent === 'required'
      ? ' The site asks for consent first: nothing is recorded before the page calls kilde.consent(true).'
      : '';
  return works(`utm_source=check and utm_medium=test would be the channel ${channel}. It is kept ${kept}.${consent}`);
}

function checkForm(checked: Checked, { clock }: Context): Outcome {
  const { page, elements, form, own } = checked;
  if (!form.enabled) return fails(`The form ${form.key} is switched off.`);
  if (form.closesAt !== null && form.closesAt <= clock())
    return fails(`The form ${form.key} closed at ${toIso(form.closesAt)}.`);
  const [host, origin] = [page.url.hostname, page.url.origin];
  if (refuseOrigin(form, { origin, ownHost: new URL(own.base).hostname })) {
    return fails(
      `The form takes nothing from ${host}: add it to the form's allowedOrigins or the site's domains.`,
      host,
    );
  }
  const fix = `<form action="${attribute(own.form)}" method="post">`;
  if (elements.forms.length === 0) {
    return {
      result: 'browser',
      text: 'The page has no form as it is sent. One that a script makes is only seen in a browser.',
      fix,
    };
  }
  const found = elements.forms.find(
    ({ action }) => action !== null && addressIn(checked, action)?.href.replace(/[?#].*$/, '') === own.form,
  );
  if (!found) {
    const actions = elements.forms.map(({ action }) => action ?? 'the page itself').slice(0, 5);
    return fails(`Its action is ${actions.join(', ').slice(0, 300)}.`, fix);
  }
  if (found.method !== 'post') return fails(`The form is sent by ${found.method}. It must be sent by post.`, fix);
  const forbidding = findForbidding(policiesOf(checked), {
    directive: 'form-action',
    loaded: { url: new URL(own.form) },
    page: page.url,
  });
  if (forbidding)
    return fails(`The security policy of the page forbids it: ${forbidding.slice(0, 300)}.`, new URL(own.form).origin);
  return works(`Its action is ${own.form}.`);
}
