import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { sitesQuery } from '../../api/queries.ts';
import type { Site } from '../../api/queries.ts';
import { m } from '../../paraglide/messages.js';
import { Field, Form } from '../../ui/form.tsx';

/** The site's domain, whether the cookie waits for consent, and the clock that says what today is. */
export function SiteStep({ site }: { site: Site }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [domain, setDomain] = useState(site.domains[0] ?? '');
  const [consent, setConsent] = useState(site.consent);
  const [timeZone, setTimeZone] = useState(
    site.domains.length === 0 ? Intl.DateTimeFormat().resolvedOptions().timeZone : site.timeZone,
  );
  const saved = useMutation({
    mutationFn: async () => {
      const name = domain
        .trim()
        .replace(/^https?:\/\//i, '')
        .replace(/[/?#].*$/, '');
      const domains = [...new Set([name, ...site.domains.slice(1)])].filter(Boolean);
      await kilde().PATCH('/api/v1/sites/{id}', {
        params: { path: { id: site.id } },
        body: { domains, consent, timeZone },
      });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: sitesQuery.queryKey });
      await navigate({ to: '/start/$step', params: { step: 'form' } });
    },
  });
  return (
    <Form
      className="start-form"
      title={m.start_site_title()}
      about={m.start_site_why()}
      button={m.start_go_on()}
      isSending={saved.isPending}
      error={saved.error}
      onSend={() => saved.mutate()}
    >
      <Field
        label={m.start_site_domain()}
        value={domain}
        placeholder="example.com"
        required
        onChange={({ target }) => setDomain(target.value)}
      />
      <label className="field">
        {m.start_site_consent()}
        <select
          className="select"
          value={consent}
          onChange={({ target }) => setConsent(target.value as Site['consent'])}
        >
          <option value="off">{m.start_consent_off()}</option>
          <option value="required">{m.start_consent_required()}</option>
        </select>
      </label>
      <label className="field">
        {m.start_site_zone()}
        <select className="select" value={timeZone} onChange={({ target }) => setTimeZone(target.value)}>
          {zonesWith(timeZone).map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </select>
      </label>
    </Form>
  );
}

function zonesWith(zone: string): string[] {
  const zones = Intl.supportedValuesOf('timeZone');
  return zones.includes(zone) ? zones : [zone, ...zones];
}
