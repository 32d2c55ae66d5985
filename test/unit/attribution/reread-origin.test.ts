import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clickIdPlatforms } from '../../../src/domain/attribution/click-ids.ts';
import { rankStored, rereadOrigin } from '../../../src/domain/attribution/reread-origin.ts';
import type { StoredValues } from '../../../src/domain/attribution/reread-origin.ts';
import { rankEvidence } from '../../../src/domain/attribution/read-evidence.ts';
import { defaultRules, resolveOrigin } from '../../../src/domain/attribution/resolve-origin.ts';
import type { AttributionRules } from '../../../src/domain/attribution/resolve-origin.ts';
import { rulesVersion } from '../../../src/domain/attribution/rules-version.ts';
import type { Evidence } from '../../../src/domain/attribution/types.ts';
import { canonicalize } from '../../../src/domain/text-values.ts';
import { sourceHosts } from '../../support/source-hosts.ts';
import { anyEvidence, evidence } from './arrivals.ts';
import '../../support/load-tables.ts';

const rules = defaultRules([]);
const old = { rules, storedBy: 0 };
const none: StoredValues = {
  source: null,
  medium: null,
  campaign: null,
  term: null,
  content: null,
  id: null,
  referrerDomain: null,
  placement: null,
  clickIdName: null,
};

/** What an arrival leaves in the database. */
function storedOf(given: Evidence, by: AttributionRules = rules): { values: StoredValues; channel: string } {
  const { origin, clickId } = resolveOrigin(given, by);
  const { channel, ...read } = origin;
  const values = Object.fromEntries(
    Object.entries(read).map(([field, value]) => [field, value === null ? null : canonicalize(value)]),
  ) as Omit<StoredValues, 'clickIdName'>;
  return { values: { ...values, clickIdName: clickId?.name ?? null }, channel };
}

const reread = (values: Partial<StoredValues>, by: AttributionRules = rules) => {
  const { values: read, channel } = rereadOrigin({ ...none, ...values }, { rules: by, storedBy: 0 });
  const { source, medium, referrerDomain } = read;
  return { source, medium, referrerDomain, channel };
};

describe('an origin that today’s rules wrote', () => {
  const today = (by: AttributionRules) => ({ rules: by, storedBy: rulesVersion });

  it('stays as it is, whatever the evidence was', () => {
    const sources = fc.constantFrom(
      null,
      'perplexity.ai',
      'google',
      'nrk.no',
      'facebook',
      'docs.google.com',
      '(direct)',
    );
    const media = fc.constantFrom(null, 'referral', 'organic', 'cpc', 'social', '(none)');
    const hosts = fc.constantFrom(
      null,
      'perplexity.ai',
      'google.com',
      'docs.google.com',
      'nrk.no',
      'youtube.com',
      'paypal.com',
    );
    const named = fc
      .record({ given: anyEvidence, source: sources, medium: media, host: hosts, isBare: fc.boolean() })
      .map(({ given, source, medium, host, isBare }): Evidence => {
        const rest = isBare ? { campaign: null, term: null, content: null, id: null } : {};
        return { ...given, utm: { ...given.utm, source, medium, ...rest }, referrerHost: host };
      });
    fc.assert(
      fc.property(fc.oneof(anyEvidence, named), fc.subarray(['nrk.no', 'google.com']), (given, ignored) => {
        const by = defaultRules(ignored);
        const stored = storedOf(given, by);
        expect(rereadOrigin(stored.values, today(by))).toMatchObject(stored);
      }),
      { numRuns: 1_000 },
    );
  });

  it('stays as it is for every host of the table with every click identifier, by whatever version it was stored', () => {
    const names = [null, ...clickIdPlatforms.map(({ name }) => name)];
    const changed: unknown[] = [];
    for (const host of [...sourceHosts, 'docs.google.com', 'nrk.no', 'sub.nrk.no', 'android-app://com.slack']) {
      for (const name of names) {
        const clickIds = name === null ? [] : [{ name, value: 'x' }];
        const stored = storedOf({ ...evidence(), clickIds, referrerHost: host });
        for (const storedBy of [0, rulesVersion]) {
          const { values, channel } = rereadOrigin(stored.values, { rules, storedBy });
          const isSame =
            channel === stored.channel &&
            Object.entries(stored.values).every(([field, value]) => values[field as keyof StoredValues] === value);
          if (!isSame) changed.push([host, name, storedBy, values]);
        }
      }
    }
    expect(changed).toEqual([]);
  });

  it('is ranked as its evidence is', () => {
    fc.assert(
      fc.property(anyEvidence, (given) => {
        expect(rankStored(storedOf(given).values)).toBe(rankEvidence(given));
      }),
    );
  });
});

describe('an origin that earlier rules wrote', () => {
  it('loses placeholder texts, and what else there is decides', () => {
    expect(reread({ source: '(direct)', medium: '(none)' })).toMatchObject({
      source: null,
      medium: null,
      channel: 'Direct',
    });
    expect(reread({ source: '(not set)', medium: '(none)', referrerDomain: 'linkedin.com' })).toMatchObject({
      source: 'linkedin',
      medium: 'social',
      channel: 'Organic Social',
    });
    expect(reread({ source: '{{site}}', medium: 'null', clickIdName: 'gclid' })).toMatchObject({
      source: 'google',
      medium: 'cpc',
      channel: 'Paid Search',
    });
    expect(rereadOrigin({ ...none, source: 'google', medium: 'cpc', campaign: '(not set)' }, old).values.campaign).toBe(
      null,
    );
  });

  it('gets the channel of today and keeps its utm values', () => {
    expect(reread({ source: 'fb-ads', medium: 'paid' })).toMatchObject({ source: 'fb-ads', channel: 'Paid Social' });
    expect(
      reread({ source: 'perplexity.ai', medium: 'referral', campaign: 'x', referrerDomain: 'perplexity.ai' }),
    ).toMatchObject({
      source: 'perplexity.ai',
      channel: 'AI Assistant',
    });
  });

  it('is named again where a referrer or a click identifier alone named it', () => {
    expect(reread({ source: 'perplexity.ai', medium: 'referral', referrerDomain: 'perplexity.ai' })).toMatchObject({
      source: 'perplexity',
      channel: 'AI Assistant',
    });
    expect(
      reread({ source: 'google', medium: 'cpc', clickIdName: 'gclid', referrerDomain: 'youtube.com' }),
    ).toMatchObject({
      source: 'youtube',
      channel: 'Paid Video',
    });
    expect(
      reread({ source: 'facebook', medium: 'social', clickIdName: 'fbclid', referrerDomain: 'nrk.no' }),
    ).toMatchObject({
      source: 'nrk.no',
      medium: 'referral',
      channel: 'Referral',
    });
  });

  it('has no referrer where that is ignored today', () => {
    expect(reread({ source: 'paypal.com', medium: 'referral', referrerDomain: 'paypal.com' })).toEqual({
      source: null,
      medium: null,
      referrerDomain: null,
      channel: 'Direct',
    });
    const ignoring = defaultRules(['partner.no']);
    expect(reread({ source: 'nyhetsbrev', medium: 'email', referrerDomain: 'partner.no' }, ignoring)).toMatchObject({
      source: 'nyhetsbrev',
      referrerDomain: null,
      channel: 'Email',
    });
    expect(
      reread(
        { source: 'partner.no', medium: 'referral', referrerDomain: 'partner.no', clickIdName: 'gclid' },
        ignoring,
      ),
    ).toMatchObject({
      source: 'google',
      channel: 'Paid Search',
    });
  });

  it('says where the host would decide, which is not stored', () => {
    const google = { ...none, source: 'google', medium: 'organic', referrerDomain: 'google.com' };
    expect(rereadOrigin(google, old)).toMatchObject({
      values: google,
      channel: 'Organic Search',
      hostIsUnknown: true,
    });
    const docs = { ...none, source: 'docs.google.com', medium: 'referral', referrerDomain: 'google.com' };
    expect(rereadOrigin(docs, old)).toMatchObject({ values: docs, channel: 'Referral', hostIsUnknown: false });
  });
});
