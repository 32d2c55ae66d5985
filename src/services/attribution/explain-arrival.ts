import { explain } from '../../domain/attribution/explain.ts';
import type { LookedAt, PassedOver, Reasons } from '../../domain/attribution/explain.ts';
import {
  channelText,
  channelWhen,
  evidenceText,
  originText,
  passedOverText,
} from '../../domain/attribution/explain-texts.ts';
import type { ExplainLanguage } from '../../domain/attribution/explain-texts.ts';
import { recordByName } from '../../domain/attribution/origin-field-names.ts';
import type { Named } from '../../domain/attribution/origin-field-names.ts';
import { sentFields } from '../../domain/attribution/origin-fields.ts';
import type { SentField } from '../../domain/attribution/origin-fields.ts';
import type { Touch } from '../../domain/attribution/types.ts';
import { canonicalize } from '../../domain/text-values.ts';
import { invalidInput } from '../../domain/errors.ts';
import { findSite, isSiteHost } from '../capture-settings.ts';
import { readSettings } from '../change-settings.ts';
import type { ServiceContext } from '../service-context.ts';

type Worded<Reason> = Reason & { text: string };

export type ArrivalExplanation = {
  /** The key of the site whose rules were used. */
  site: string;
  language: ExplainLanguage;
  /** As the sender spelt it. */
  origin: Named<SentField, string | null> & Pick<Touch, 'channel' | 'clickId' | 'clickIds' | 'landingPage'>;
  /** What it is grouped and filtered by: canonical, with corrections applied. */
  canonical: Named<SentField, string | null>;
  channel: string;
  rules: { origin: Worded<Reasons['origin']>; channel: Worded<Reasons['channel'] & { when: string }> };
  /** All that was looked at. */
  evidence: Worded<LookedAt>[];
  passedOver: Worded<PassedOver>[];
};

type ExplainInput = {
  u: string;
  r?: string | undefined;
  earlier?: string | undefined;
  earlierReferrer?: string | undefined;
  site?: string | undefined;
  language: ExplainLanguage;
};

/**
 * Why an arrival gets its origin and channel, in words too.
 * @param site the key of the site whose rules hold; by the page's host where not given.
 * @throws KildeError `invalid_input` where there is no such site.
 */
export async function explainArrival(
  context: ServiceContext,
  { u, r = '', earlier, earlierReferrer = '', site: key, language }: ExplainInput,
): Promise<ArrivalExplanation> {
  const [settings, texts] = await Promise.all([readSettings(context), context.settings.explainTexts()]);
  const wording = { texts, language };
  const site = findSite(settings, { key, host: URL.parse(u)?.hostname ?? null });
  if (key !== undefined && site.key !== key) {
    throw invalidInput([{ location: 'query.site', message: `There is no site '${key}'.` }]);
  }
  const rules = settings.originRules(site);
  const { origin, reasons } = explain({
    u,
    r,
    earlier: earlier === undefined ? null : { u: earlier, r: earlierReferrer },
    rules,
    isOwnHost: (host) => isSiteHost(site, host),
  });
  const canonical = recordByName(sentFields, (field) => {
    const value = origin[field];
    return value === null ? null : rules.aliasOf(field, canonicalize(value));
  });
  const { channel, clickId, clickIds, landingPage } = origin;
  const when = channelWhen({ channel, rule: reasons.channel, siteRules: rules.channelRules }, wording);
  return {
    site: site.key,
    language,
    origin: { ...recordByName(sentFields, (field) => origin[field]), channel, clickId, clickIds, landingPage },
    canonical,
    channel,
    rules: {
      origin: { ...reasons.origin, text: originText(reasons.origin, wording) },
      channel: { ...reasons.channel, when, text: channelText({ channel, rule: reasons.channel, when }, wording) },
    },
    evidence: reasons.evidence.map((one) => ({ ...one, text: evidenceText(one, wording) })),
    passedOver: reasons.passedOver.map((one) => ({ ...one, text: passedOverText(one, wording) })),
  };
}
