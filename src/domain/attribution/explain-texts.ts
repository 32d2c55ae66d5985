import type { ChannelRule } from './channel-rule.ts';
import type { LookedAt, OriginRule, PassedOver, PassedOverReason, Reasons, EvidenceUse } from './explain.ts';

export const explainLanguages = ['en', 'no'] as const;
export type ExplainLanguage = (typeof explainLanguages)[number];

type Words = Record<ExplainLanguage, string>;

/** `assets/explain-texts.json`: the sentences, read when an explanation is first asked for. `{name}` stands for a value. */
export type ExplainTexts = {
  passedOver: Record<PassedOverReason, Words>;
  origin: Record<OriginRule, Words>;
  filled: Record<'source' | 'medium', Words>;
  use: Record<EvidenceUse, Words>;
  /** What each row of the default table asks for, by its channel. */
  channel: Record<string, Words>;
  channelFrame: Record<'site' | 'default', Words>;
};
export const explainTextsAsset = '/explain-texts.json';

/** In which language, and from which texts, sentences are made. */
export type Wording = { texts: ExplainTexts; language: ExplainLanguage };

const put = (text: string, values: Record<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? '');

const operators: Record<string, string> = {
  equals: 'er',
  oneOf: 'er en av',
  startsWith: 'begynner med',
  endsWith: 'slutter på',
  contains: 'inneholder',
};

const fieldNames: Record<string, string> = {
  source: 'kilde',
  medium: 'medium',
  campaign: 'kampanje',
  referrerDomain: 'henvisende domene',
  clickId: 'klikk-ID',
};

export function passedOverText({ name, value, reason }: PassedOver, { texts, language }: Wording): string {
  return put(texts.passedOver[reason][language], { name, value });
}

export function evidenceText({ name, use }: LookedAt, { texts, language }: Wording): string {
  return put(texts.use[use][language], { name });
}

export function originText({ rule, source, medium }: Reasons['origin'], { texts, language }: Wording): string {
  const text = put(texts.origin[rule][language], { source: source ?? '' });
  if (rule !== 'utm') return text;
  const filled = (what: 'source' | 'medium', by: string | null): string =>
    by === null || by === 'utm' ? '' : put(texts.filled[what][language], { by });
  return text + filled('source', source) + filled('medium', medium);
}

/** What the rule that gave a channel asks for. */
export function channelWhen(
  { channel, rule, siteRules }: { channel: string; rule: Reasons['channel']; siteRules: readonly ChannelRule[] },
  { texts, language }: Wording,
): string {
  if (rule.from === 'default') return texts.channel[channel]?.[language] ?? '';
  const conditions = Object.entries(siteRules[rule.row - 1]?.when ?? {});
  return conditions
    .flatMap(([field, wanted]) => {
      if (!wanted) return [];
      const values = [wanted.value].flat().join(', ');
      const isNorwegian = language === 'no';
      return [`${isNorwegian ? fieldNames[field] : field} ${isNorwegian ? operators[wanted.op] : wanted.op} ${values}`];
    })
    .join(language === 'no' ? ' og ' : ' and ');
}

export function channelText(
  { channel, rule, when }: { channel: string; rule: Reasons['channel']; when: string },
  { texts, language }: Wording,
): string {
  return put(texts.channelFrame[rule.from][language], { channel, row: String(rule.row), when });
}
