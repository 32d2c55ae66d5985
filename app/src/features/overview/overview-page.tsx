import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { Search } from '../../api/search.ts';
import { useScope } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { Page } from '../../ui/page.tsx';
import { Answer, Bones } from '../../ui/states.tsx';
import { AttentionPanel } from './attention-panel.tsx';
import { DashboardMenu } from './dashboard-menu.tsx';
import { dashboardOf } from './dashboards.ts';
import { Funnel } from './funnel.tsx';
import { LeadsOverTime } from './leads-over-time.tsx';
import { Live } from './live.tsx';
import { NoLeads } from './no-leads.tsx';
import { funnelQuery, mostRevenueQuery, sourcesQuery, tilesQuery } from './queries.ts';
import { Sentence } from './sentence.tsx';
import { SourcesPanel, sortOfSearch } from './sources-panel.tsx';
import { Tiles } from './tiles.tsx';

const Arrange = lazy(async () => ({ default: (await import('./arrange.tsx')).Arrange }));

/** The morning's question: what came in, from where, and is anything broken? */
export function OverviewPage() {
  const search: Search = useSearch({ strict: false });
  const { scope, days, timeZone, siteId, previousDays } = useScope();
  const asked = {
    days,
    timeZone,
    siteId,
    compare: previousDays === null ? ('none' as const) : scope.compare,
    attribution: scope.attribution,
  };
  const funnel = useQuery(funnelQuery(asked));
  const sources = useQuery(sourcesQuery({ ...asked, sort: sortOfSearch(search) }));
  const most = useQuery(mostRevenueQuery(asked));
  const tiles = useQuery(tilesQuery({ ...asked, dashboard: dashboardOf(search) }));
  const title = tiles.data === undefined || tiles.data.builtIn ? m.overview_title() : tiles.data.name;
  const isEmpty = funnel.data?.totals['leads'] === 0 && funnel.data.totals['visits'] === 0;
  if (search['arrange'] !== undefined) {
    return (
      <Page title={search['arrange'] === 'new' ? m.dashboard_new() : title}>
        <Answer asked={tiles} height={400}>
          {(shown) => (
            <Suspense fallback={<Bones height={400} />}>
              <Arrange
                key={`${shown.id}${search['arrange']}`}
                shown={shown}
                asked={asked}
                isNew={search['arrange'] === 'new'}
              />
            </Suspense>
          )}
        </Answer>
      </Page>
    );
  }
  return (
    <Page
      title={title}
      beside={<Live />}
      actions={tiles.data === undefined ? null : <DashboardMenu shown={tiles.data} title={title} />}
    >
      {isEmpty ? <NoLeads isEver={scope.period === 'all'} /> : null}
      {isEmpty ? null : <Sentence funnel={funnel.data} sources={sources.data} most={most.data} />}
      <section className="panel" aria-label={m.funnel_name()} aria-busy={funnel.isPlaceholderData}>
        <Answer asked={funnel} height={118} lines={2}>
          {(report) => <Funnel report={report} />}
        </Answer>
      </section>
      <div className="grid stretch">
        <LeadsOverTime asked={asked} />
        <AttentionPanel />
      </div>
      <SourcesPanel asked={asked} answer={sources} />
      <Answer asked={tiles} height={240}>
        {(shown) => <Tiles shown={shown} isBusy={tiles.isPlaceholderData} />}
      </Answer>
    </Page>
  );
}
