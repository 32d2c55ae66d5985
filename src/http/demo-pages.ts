import type { TouchView } from '../db/queries/attribution/read-touches.ts';
import { demoFormKey } from '../domain/capture/demo-form.ts';
import type { Journey } from '../domain/attribution/types.ts';
import type { DemoResult } from '../services/capture/read-demo.ts';
import type { DemoTexts, Words } from './demo-texts.ts';
import { escapeHtml } from '../domain/escape-html.ts';
import { htmlPage } from './page.ts';
import type { Language } from './page.ts';

/** Who looks at the demo. */
export type DemoVisitor = {
  /** What stands before the path of each of Kilde's addresses on this host. */
  base: string;
  language: Language;
  /** What the journey cookie holds. */
  journey: Journey;
  /** Whether the browser sends Global Privacy Control, and so has no journey. */
  refusesJourney: boolean;
  /** Milliseconds since the epoch. */
  now: number;
  texts: DemoTexts;
};

const adsAt = (base: string) => ({
  linkedin: `${base}/demo/landing?utm_source=linkedin&utm_medium=paid-social&utm_campaign=webinar_sept`,
  facebook: `${base}/demo/landing?utm_source=facebook&utm_medium=paid-social&utm_campaign=webinar_retarget`,
  newsletter: `${base}/demo/landing?utm_source=newsletter&utm_medium=email&utm_campaign=november`,
});

const markAt = (base: string) =>
  `<p class="mark"><svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true"><path fill="currentColor" d="M11 1c4 5 7 8.2 7 12a7 7 0 0 1-14 0c0-3.800 3-7 7-12z"/></svg><a href="${base}/demo">Kilde</a></p>`;

/** The three steps, and how far this browser has come. */
export function startPage({ base, language, journey, refusesJourney, now, texts }: DemoVisitor): Response {
  const text = texts.words[language];
  const sources = new Set(journey.map(({ utm }) => utm.source));
  const came = { linkedin: sources.has('linkedin'), facebook: sources.has('facebook') };
  const next = came.linkedin ? (came.facebook ? 3 : 2) : 1;
  const body = `${markAt(base)}
    <h1>${text.title}</h1><p class="lead">${text.lead}</p>
    ${refusesJourney ? `<div class="note warning" role="note"><p>${text.refusesJourney}</p></div>` : ''}
    <ol class="steps">
      ${step({ number: 1, next, title: text.clickLinkedin, about: text.clickLinkedinAbout, ad: ad({ text, name: 'LinkedIn', pitch: text.pitch, href: adsAt(base).linkedin }) })}
      ${step({ number: 2, next, title: text.clickFacebook, about: text.clickFacebookAbout, ad: ad({ text, name: 'Facebook', pitch: text.pitchAgain, href: adsAt(base).facebook }) })}
      ${step({ number: 3, next, title: text.signUp, about: text.signUpAbout })}
    </ol>
    <h2>${text.browserHolds}</h2>
    <div class="card">${
      journey.length === 0
        ? `<p class="soft">${text.browserHoldsNothing}</p>`
        : `<ol class="trail">${journey.map(({ utm, referrerHost, at }) => `<li><b>${escapeHtml(utm.source ?? referrerHost ?? text.direct)}</b> ${details([utm.medium, utm.campaign])}<br><small class="soft">${ago({ at, now, language })}</small></li>`).join('')}</ol>`
    }<p class="soft">${text.whereItIs}</p></div>
    ${journey.length > 0 ? `<div class="actions">${restart({ base, text })}</div>` : ''}`;
  return htmlPage({ title: `${text.title} · Kilde`, body, language, style: texts.style });
}

/** The page that the advertisements lead to: a site's own, with the script and a form on it. */
export function landingPage({
  base,
  language,
  texts,
  submissionId,
  source,
  email,
}: DemoVisitor & { submissionId: string; source: string | null; email: string }): Response {
  const text = texts.words[language];
  const body = `${markAt(base)}${landingNote({ base, text, source })}
    <div class="split"><div>
      <p class="eyebrow">${text.webinar}</p><h1>${text.webinarTitle}</h1><p class="lead">${text.webinarAbout}</p>
    </div>
    <form class="card sheet" action="${base}/f/${demoFormKey}" method="post">
      <h2 style="margin-top:0">${text.signUp}</h2>
      <label>${text.name}<input name="name" autocomplete="name" value="Kari Nordmann"></label>
      <label>${text.email}<input name="email" type="email" autocomplete="email" required value="${escapeHtml(email)}"></label>
      <input type="hidden" name="_next" value="${base}/demo/result">
      <input type="hidden" name="_id" value="${submissionId}" autocomplete="off">
      <button>${text.send}</button>
    </form></div>
    <script async src="${base}/k.js" data-site="default"></script>`;
  return htmlPage({ title: `${text.webinarTitle} · Nordlys`, body, language, style: texts.style, script: true });
}

function landingNote({ base, text, source }: { base: string; text: Words; source: string | null }): string {
  const [title, about, leave] =
    source === 'linkedin'
      ? [text.cameByLinkedin, text.cameByLinkedinAbout, true]
      : source === 'facebook'
        ? [text.cameByFacebook, text.cameByFacebookAbout, false]
        : source === 'newsletter'
          ? [text.cameByNewsletter, text.cameByNewsletterAbout, false]
          : [text.cameDirect, text.cameDirectAbout, false];
  const button = leave ? `<p><a class="button" href="${base}/demo">${text.leave}</a></p>` : '';
  return `<aside class="note"><p><b>${title}</b></p><p>${about}</p>${button}</aside>`;
}

/** What Kilde holds now of the person who was created in this browser. */
export function resultPage({
  base,
  language,
  texts,
  now,
  result,
  apiUrl,
}: DemoVisitor & { result: DemoResult; apiUrl: string }): Response {
  const text = texts.words[language];
  if (result.state !== 'created') {
    const [title, about] = {
      nothing: [text.nothingSent, text.nothingSentAbout],
      notOurs: [text.notOurs, text.notOursAbout],
      held: [text.held, text.heldAbout],
    }[result.state];
    const reasons =
      result.state === 'held'
        ? result.reasons.map((one) => `<span class="tag">${escapeHtml(text.reasons[one] ?? one)}</span>`)
        : [];
    const href = result.state === 'nothing' ? `${base}/demo` : adsAt(base).facebook;
    const body = `${markAt(base)}<h1>${title}</h1><p class="lead">${about}</p><p>${reasons.join('')}</p>
      <div class="actions"><a class="button" href="${href}">${result.state === 'nothing' ? text.toStart : text.toForm}</a></div>`;
    return htmlPage({ title: `${title} · Kilde`, body, language, style: texts.style });
  }

  const { person, company, companyIsNew, journey } = result;
  const isExample = person.firstTouch?.source === 'linkedin' && person.leadCreation?.source === 'facebook';
  const show = (touch: TouchView | null) => (touch ? pointValue({ touch, text, now, language }) : '');
  const email = person.email ?? '';
  const source = companyIsNew ? company?.companySource : null;
  const companyName = company ? escapeHtml(companyIsNew ? company.name : (company.domain ?? '')) : '';
  const body = `${markAt(base)}
    <h1>${text.resultTitle}</h1>
    <p class="lead">${person.latestConversion ? text.resultAgain : isExample ? text.resultExample : text.resultFirst}</p>
    <div class="points">
      ${point({ title: text.firstTouch, on: `${text.onPerson} ${escapeHtml(email)}`, value: show(person.firstTouch) })}
      ${point({ title: text.leadCreation, on: `${text.onPerson} ${escapeHtml(email)}`, value: show(person.leadCreation) })}
      ${point({ title: text.conversion, on: text.onSubmission, value: show(person.latestConversion), none: text.noConversion })}
      ${point({
        title: text.companySource,
        on: company ? `${text.onCompany} ${companyName}` : text.onCompany,
        value: source
          ? labelled({ label: text.firstTouch, touch: source.firstTouch, text }) +
            labelled({ label: text.leadCreation, touch: source.leadCreation, text })
          : '',
        none: company ? text.companyWasThere : text.noCompany,
      })}
    </div>
    <h2>${text.journey}</h2>
    <div class="card"><ol class="trail">${journey
      .map(
        (touch) =>
          `<li><b>${escapeHtml(touch.source ?? touch.referrerDomain ?? text.direct)}</b> ${details([touch.medium, touch.campaign])}<br>
          <small class="soft">${escapeHtml(touch.channel)} · ${ago({ at: Date.parse(touch.at), now, language })}</small><br>
          ${touch.points.map((one) => `<span class="tag">${text[one]}</span>`).join('')}</li>`,
      )
      .join('')}</ol></div>
    <h2>${person.latestConversion ? text.whatNow : text.onceMore}</h2>
    <p>${person.latestConversion ? text.whatNowAbout : text.onceMoreAbout}</p>
    <div class="actions">${
      person.latestConversion ? '' : `<a class="button" href="${adsAt(base).newsletter}">${text.openNewsletter}</a>`
    }${restart({ base, text })}</div>
    <h2>${text.byApi}</h2><p>${text.byApiAbout}</p>
    <pre tabindex="0"><code>curl -H "Authorization: Bearer $KILDE_ADMIN_KEY" \\
  "${escapeHtml(`${apiUrl}?email=${encodeURIComponent(email)}`)}"</code></pre>`;
  return htmlPage({ title: `${text.resultTitle} · Kilde`, body, language, style: texts.style });
}

function step({
  number,
  next,
  title,
  about,
  ad: advertisement = '',
}: {
  number: number;
  next: number;
  title: string;
  about: string;
  ad?: string;
}): string {
  const state = number < next ? 'done' : number === next ? 'next' : '';
  const current = number === next ? ' aria-current="step"' : '';
  return `<li class="${state}"${current}><span class="dot" aria-hidden="true">${number < next ? '✓' : number}</span><div><h2 class="small">${title}</h2><p class="soft">${about}</p>${advertisement}</div></li>`;
}

function ad({ text, name, pitch, href }: { text: Words; name: string; pitch: string; href: string }): string {
  return `<a class="ad" href="${escapeHtml(href)}"><small>${name} · ${text.sponsored}</small><b>${pitch}</b><span>${text.readMore} →</span></a>`;
}

function point({ title, on, value, none = '' }: { title: string; on: string; value: string; none?: string }): string {
  return `<section class="card point${value ? '' : ' none'}"><h2 class="small">${title}</h2><small>${on}</small>${value || `<p class="soft" style="margin-top:.6rem">${none}</p>`}</section>`;
}

function pointValue({
  touch,
  text,
  now,
  language,
}: {
  touch: TouchView;
  text: Words;
  now: number;
  language: Language;
}): string {
  const more = [touch.campaign, touch.channel].filter((one) => one !== null).map((one) => escapeHtml(one));
  const when = ago({ at: Date.parse(touch.at), now, language });
  return `<p class="big">${originOf({ touch, text })}</p><p class="soft">${more.join(' · ')}<br>${when}</p>`;
}

function labelled({ label, touch, text }: { label: string; touch: TouchView; text: Words }): string {
  return `<p class="big">${originOf({ touch, text })}</p><p class="soft">${label}</p>`;
}

function originOf({ touch, text }: { touch: TouchView; text: Words }): string {
  const source = touch.source ?? touch.referrerDomain ?? text.direct;
  return escapeHtml(touch.medium === null ? source : `${source} / ${touch.medium}`);
}

function details(values: Array<string | null>): string {
  const known = values.filter((one) => one !== null).map((one) => escapeHtml(one));
  return known.length > 0 ? `<span class="soft">${known.join(' · ')}</span>` : '';
}

function restart({ base, text }: { base: string; text: Words }): string {
  return `<form class="inline" method="post" action="${base}/demo/restart"><button class="plain">${text.restart}</button></form>`;
}

/** How long ago, in words; exact in the element's `datetime`. */
function ago({ at, now, language }: { at: number; now: number; language: Language }): string {
  const seconds = Math.round((at - now) / 1_000);
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const words =
    seconds > -60
      ? format.format(seconds, 'second')
      : seconds > -3_600
        ? format.format(Math.round(seconds / 60), 'minute')
        : seconds > -86_400
          ? format.format(Math.round(seconds / 3_600), 'hour')
          : format.format(Math.round(seconds / 86_400), 'day');
  return `<time datetime="${new Date(at).toISOString()}">${words}</time>`;
}
