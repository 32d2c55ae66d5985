import type { Context } from 'hono';
import type { Deps } from '../http/deps.ts';
import { ownPath } from '../http/own-address.ts';
import { htmlPage, preferredLanguage } from '../http/page.ts';

const words = {
  en: {
    title: 'Kilde runs here',
    what: 'Kilde tells where every lead came from, and which sources became money.',
    demo: 'Try the worked example',
    reference: 'The reference of the API',
    api: 'Its description (OpenAPI 3.1)',
    health: 'Whether the database answers',
    readme: 'README.md, in the folder that Kilde was started from, says how to begin.',
  },
  no: {
    title: 'Her kjører Kilde',
    what: 'Kilde forteller hvor hvert lead kom fra, og hvilke kilder som ble til penger.',
    demo: 'Prøv eksempelet',
    reference: 'Referansen til API-et (på engelsk)',
    api: 'Beskrivelsen av det (OpenAPI 3.1)',
    health: 'Om databasen svarer',
    readme: 'README.md, i mappen som Kilde ble startet fra, forteller hvordan du begynner.',
  },
} as const;

/** `GET /`: what runs here, as a page for a browser and as JSON for everybody else. */
export function answerHome({ c, deps: { config } }: { c: Context; deps: Deps }): Response {
  const pathOf = (path: string): string => ownPath({ c, config }, path);
  const places = {
    ...(config.demo ? { demo: pathOf('/demo') } : {}),
    reference: pathOf('/reference'),
    api: pathOf('/api/v1/openapi.json'),
    health: pathOf('/health'),
  };
  if (!/\btext\/html\b/i.test(c.req.header('accept') ?? '')) {
    return c.json({ name: 'Kilde', links: places }, 200, { 'cache-control': 'no-store', vary: 'Accept' });
  }
  const language = preferredLanguage(c.req.header('accept-language'));
  const text = words[language];
  const links = Object.entries(places).map(
    ([name, href]) => `<li><a href="${href}">${text[name as keyof typeof places]}</a></li>`,
  );
  const page = htmlPage({
    title: text.title,
    language,
    body: `<h1>${text.title}</h1><p>${text.what}</p><ul>${links.join('')}</ul><p class="soft">${text.readme}</p>`,
  });
  page.headers.set('vary', 'Accept, Accept-Language');
  return page;
}
