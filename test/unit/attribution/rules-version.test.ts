import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import sources from '../../../assets/sources.json' with { type: 'json' };
import { classifyChannel, defaultChannels } from '../../../src/domain/attribution/channels.ts';
import { clickIdPlatforms } from '../../../src/domain/attribution/click-ids.ts';
import { isPlaceholder } from '../../../src/domain/attribution/placeholders.ts';
import { defaultRules, resolveOrigin } from '../../../src/domain/attribution/resolve-origin.ts';
import { rulesVersion } from '../../../src/domain/attribution/rules-version.ts';
import type { Evidence } from '../../../src/domain/attribution/types.ts';
import { sourceHosts } from '../../support/source-hosts.ts';
import { evidence } from './arrivals.ts';
import '../../support/load-tables.ts';

/** What the rules of each version gave, as a hash of the cases below. */
const fingerprints: Record<number, string> = { 1: '2343f40442d7c08e1a0d5fb2756b0f2f371636924bd69425f21c1fbe4f7b3c1f' };

const names = Object.values(sources.categories).flatMap((category) => category.names.split('\n').filter(Boolean));
const media =
  `organic cpc ppc paid paid-social retargeting display banner cpm social sm email e-mail newsletter referral link app
  affiliate audio sms push mobile notification video organic-video pmax webinar`.split(/\s+/);
const spellings = [
  'google_ads',
  'fb-ads',
  'fbads',
  'ads-google',
  'adwords',
  'linkedin ads',
  'uploads',
  'leads',
  'sms',
  'firebase',
  'x',
];
const texts =
  `(direct)|(none)|(not set)|null|undefined|{{campaign.name}}|{x}|%%x%%|[[x]]|*|x|*|__x__|n/a|none|nonesuch|unknown|false|direct|
  not provided|<x>|$(x)|@{x}|[utm_source]`.split('|');
const campaigns = ['shop', 'shopping-spring', 'cross-network', 'spring'];
const clickIdNames = clickIdPlatforms.map(({ name }) => name);

function originOf(given: Evidence): unknown {
  const { origin, clickId } = resolveOrigin(given, defaultRules([]));
  return [origin, clickId];
}

/** A wide sample of what the rules decide, in a fixed order. */
function* cases(): Generator<unknown> {
  yield [sources, clickIdPlatforms, defaultChannels];
  for (const text of texts) yield [text, isPlaceholder(text)];
  for (const source of [...names, ...spellings, null]) {
    for (const medium of [...media, null]) {
      yield classifyChannel({ source, medium, campaign: null }).channel;
    }
  }
  for (const campaign of campaigns) {
    for (const medium of media) yield classifyChannel({ source: 'google', medium, campaign }).channel;
  }
  const hosts = [null, 'docs.google.com', 'mail.firma.no', 'help.x.com', 'nrk.no', 'checkout.butikk.no', 'paypal.com'];
  for (const referrerHost of [...hosts, ...sourceHosts]) {
    for (const names of [[], ['gclid'], ['fbclid'], ['gclid', 'msclkid']]) {
      const clickIds = names.map((name) => ({ name, value: 'x' }));
      yield originOf({ ...evidence(), clickIds, referrerHost });
    }
  }
  for (const first of clickIdNames) {
    for (const second of clickIdNames) {
      for (const query of ['', 'utm_source=google', 'utm_medium=cpc', 'utm_source=x&utm_medium=pmax']) {
        const clickIds = [first, second].map((name) => ({ name, value: name }));
        yield originOf({ ...evidence(query), clickIds });
      }
    }
  }
}

it('rises whenever the rules can give another origin or channel', () => {
  const hash = createHash('sha256');
  for (const one of cases()) hash.update(JSON.stringify(one));
  const fingerprint = hash.digest('hex');
  expect(
    fingerprints[rulesVersion],
    `The rules give other results than those of version ${rulesVersion}. Raise rulesVersion (src/domain/attribution/rules-version.ts) and write ${fingerprint} beside it here. Where that version is not released yet, replace its fingerprint.`,
  ).toBe(fingerprint);
});
