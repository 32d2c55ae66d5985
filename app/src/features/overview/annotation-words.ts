import { m } from '../../paraglide/messages.js';
import { formatCount } from '../../ui/format.ts';
import type { Annotation } from './queries.ts';

type Values = {
  field?: string;
  values?: string[];
  count?: number;
  canonical?: string;
  from?: string | number | boolean;
  to?: string | number | boolean;
  form?: { name: string };
};

const fieldName: Partial<Record<string, () => string>> = {
  channel: m.dimension_channel,
  source: m.dimension_source,
  medium: m.dimension_medium,
  campaign: m.dimension_campaign,
  term: m.dimension_term,
  content: m.dimension_content,
};

/** What happened, in the reader's language: by kind and values of what Kilde noted, else the text as it was written. */
export function annotationWords({ text, kind, values }: Pick<Annotation, 'text' | 'kind' | 'values'>): string {
  return (kind === null || values === null ? null : wordsOf(kind, values)) ?? text.replace(/\.$/, '');
}

function wordsOf(kind: string, values: Values): string | null {
  const [from, to] = [String(values.from), String(values.to)];
  const name = values.form?.name ?? '';
  switch (kind) {
    case 'correctionAdded': {
      return m.happened_correction(correctionOf(values));
    }
    case 'correctionDeleted': {
      return m.happened_correction_deleted(correctionOf(values));
    }
    case 'reclassificationStarted': {
      return m.happened_reclassified();
    }
    case 'reclassificationUndone': {
      return m.happened_reclassification_undone();
    }
    case 'lookBackChanged': {
      return m.happened_look_back({ from, to });
    }
    case 'consentChanged': {
      return to === 'required' ? m.happened_consent_required() : m.happened_consent_off();
    }
    case 'utmTrackingChanged': {
      return values.to === true ? m.happened_utm_on() : m.happened_utm_off();
    }
    case 'timeZoneChanged': {
      return m.happened_time_zone({ from, to });
    }
    case 'channelRulesChanged': {
      return m.happened_channel_rules();
    }
    case 'formOpened': {
      return m.happened_form_opened({ name });
    }
    case 'formClosed': {
      return m.happened_form_closed({ name });
    }
    case 'formDeleted': {
      return m.happened_form_deleted({ name });
    }
    default: {
      return null;
    }
  }
}

function correctionOf({ field = '', values = [], count = values.length, canonical = '' }: Values) {
  const listed = values.map((value) => m.happened_value({ value }));
  if (count > values.length) listed.push(m.happened_more({ count: formatCount(count - values.length) }));
  return { field: (fieldName[field]?.() ?? field).toLowerCase(), values: listed.join(', '), canonical };
}
