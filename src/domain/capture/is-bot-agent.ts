// What crawlers, link previews and scanners call themselves. Each word names a robot: words that phones, television sets and apps bear as
// well (discovery, catcher, radar, google, sogou, search) are not here.
const names = [
  // Words of many robots: Googlebot, bingbot; Cubot makes phones.
  '(?<!cu)bots?(?![a-z])',
  'crawl',
  'spider',
  'slurp',
  'scrap(?:e|y|ing)',
  'archive(?:r\\b|\\.org)',
  'indexer',
  'analy[sz]er',
  '\\baudit',
  'retriever',
  'favicon',
  'fetcher',
  'feed(?:burner|parser)',
  '\\brss\\b',
  // Link previews.
  '(?<!%20)(?:[a-z]|(?:ur[il]|link|page|web) )preview',
  'external(?:hit|agent|fetcher|ads)',
  'cardyb',
  'iframely',
  'embedly',
  'imgproxy',
  'imageproxy',
  'flipboardproxy',
  'onebox',
  'embedder',
  'urllookup',
  '^(?:misskey|pleroma|akkoma|friendica)\\b',
  // What Office asks of a link before a browser opens it.
  'existence discovery',
  'compatible; ms-office',
  '^whatsapp/[\\d.]+(?: [a-z])?$',
  '^(?:snap(?:chat$| url)|facebook(?!/)|pinterest|tumblr|vkshare|bluesky|discourse|cloudflare|google$|hatena)',
  // AI assistants that fetch pages: Claude-User, ChatGPT-User, Claude-Web, anthropic-ai.
  'anthropic',
  'openai',
  'cohere-ai',
  'claude-[a-z]',
  '[a-z]-user(?:[/;)]|$)',
  // Google's, whose names follow no pattern. Its HTTP client is anybody's.
  '-google\\b',
  'google(?:-(?!http)[a-z]|other|producer|sites| page)',
  'lighthouse',
  'pagespeed',
  'ptst/',
  'novaact',
  'siteimprove',
  'turnitin',
  'w3c[_-]',
  // Scanners.
  'nutch',
  'httrack',
  'netcraft',
  'link(?:check|chkr)',
  'sqlmap',
  'nikto',
  'nessus',
  'openvas',
  'zgrab',
  'masscan',
  'nmap\\b',
  'fuzz',
];

// A robot gives an address where somebody answers for it: after a plus sign, or in `(compatible; name; address)`. Toolbars of Internet
// Explorer did so as well.
const address = '\\+ ?(?:https?:|[\\w.-]+@)|\\bcompatible;(?! ?msie)[^()]*(?:https?:|www\\.|@|\\+)';

const robot = new RegExp(`${names.join('|')}|${address}`, 'iu');

/** `(Linux; Android 14; MODEL Build/…)`: makers call devices as they like. A model may have brackets of its own. */
const androidDevice = /\([^()]*\bandroid (?:[^()]|\([^()]*\))*\)/iu;
const robotInDevice = /compatible|https?:|-google\//iu;

const maxAgentLength = 512;

/**
 * Whether a user agent says of itself that it is a crawler, a link preview or another robot. HTTP clients and the browsers of tests do not:
 * servers send forms as well. An empty agent says nothing.
 *
 * @example isBotAgent('Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)') // true
 */
export function isBotAgent(userAgent: string): boolean {
  const agent = userAgent
    .slice(0, maxAgentLength)
    .replace(androidDevice, (device) => (robotInDevice.test(device) ? device : ''));
  return robot.test(agent);
}

const monitors =
  /uptimerobot|pingdom|statuscake|betteruptime|better stack|freshping|datadogsynthetics|checkly|site24x7|updown\.io/iu;

/** Whether a user agent is a monitor's, which sends a form to see whether it works. */
export function isMonitorAgent(userAgent: string): boolean {
  return monitors.test(userAgent.slice(0, maxAgentLength));
}
