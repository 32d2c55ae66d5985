import { Link, useParams } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { sitesQuery } from '../../api/queries.ts';
import { useWho } from '../../api/who.ts';
import { m } from '../../paraglide/messages.js';
import { Drop } from '../../ui/icon.tsx';
import { FirstLead } from './first-lead.tsx';
import { FormStep } from './form-step.tsx';
import { newestFormQuery } from './queries.ts';
import { SiteStep } from './site-step.tsx';

const steps = ['administrator', 'site', 'form', 'lead'] as const;
type Step = (typeof steps)[number];

const titles: Record<Step, () => string> = {
  administrator: () => m.start_administrator(),
  site: () => m.start_site(),
  form: () => m.start_form(),
  lead: () => m.start_lead(),
};

/** From nothing to the first lead: each step has an address of its own, so that one can come back to it. */
export function StartPage() {
  const { step: asked }: { step?: string } = useParams({ strict: false });
  const step = steps.find((one) => one === asked) ?? 'site';
  const who = useWho();
  const { data: sites } = useQuery(sitesQuery);
  const { data: form } = useQuery(newestFormQuery);
  const site = sites?.find(({ isDefault }) => isDefault);
  const facts: Record<Step, ReactNode> = {
    administrator: who?.name ?? m.start_with_key(),
    site: site?.domains[0] === undefined ? m.start_to_do() : `${site.domains[0]} · ${site.timeZone}`,
    form: form == null ? m.start_to_do() : form.name,
    lead: m.start_waiting(),
  };
  useEffect(() => {
    document.title = `${m.start_title()} · Kilde`;
  }, []);
  return (
    <div className="app start">
      <nav className="start-steps" aria-label={m.start_title()}>
        <p className="brand">
          <Drop size={22} />
          Kilde
        </p>
        <ol className="steps">
          {steps.map((one, place) => (
            <li key={one} className={place < steps.indexOf(step) ? 'ok' : one === step ? 'now' : ''}>
              <span className="m" aria-hidden="true">
                {place < steps.indexOf(step) ? '✓' : place + 1}
              </span>
              <div>
                {one === 'administrator' ? (
                  <b>{titles[one]()}</b>
                ) : (
                  <Link
                    className="plain-link"
                    to="/start/$step"
                    params={{ step: one }}
                    aria-current={one === step ? 'step' : undefined}
                  >
                    {titles[one]()}
                  </Link>
                )}
                <br />
                <span className="mini">{facts[one]}</span>
              </div>
            </li>
          ))}
        </ol>
        <p className="mini">{m.start_not_lost()}</p>
      </nav>
      <main id="main" className="start-main" tabIndex={-1}>
        {step === 'site' && site !== undefined ? <SiteStep site={site} /> : null}
        {step === 'form' ? <FormStep form={form ?? null} /> : null}
        {step === 'lead' ? <FirstLead form={form ?? null} siteId={site?.id} /> : null}
      </main>
    </div>
  );
}
