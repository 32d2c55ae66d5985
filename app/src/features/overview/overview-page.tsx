import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { Search } from '../../api/search.ts';
import { useScope } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { Page } from '../../ui/page.tsx';
import { Answer } from '../../ui/states.tsx';
import { AttentionPanel } from './attention-panel.tsx';
import { Funnel } from './funnel.tsx';
import { LeadsOverTime } from './leads-over-time.tsx';
import { NoLeads } from './no-leads.tsx';
import { funnelQuery, mostRevenueQuery, sourcesQuery, tilesQuery } from './queries.ts';
import { Sentence } from './sentence.tsx';
import { SourcesPanel, sortOfSearch } from './sources-panel.tsx';
import { Tiles } from './tiles.tsx';

/** The morning's question: what came in, from where, and is anything broken? */
export function OverviewPage() {
  const search: Search = useSearch({ strict: false });
  const { scope, days, timeZone, previousDays } = useScope();
  const asked = {
    days,
    timeZone,
    compare: previousDays === null ? ('none' as const) : scope.compare,
    attribution: scope.attribution,
  };
  const funnel = useQuery(funnelQuery(asked));
  const sources = useQuery(sourcesQuery({ ...asked, sort: sortOfSearch(search) }));
  const most = useQuery(mostRevenueQuery(asked));
  const tiles = useQuery(tilesQuery({ ...asked, dashboard: search['dashboard'] ?? 'default' }));
  const title = tiles.data === undefined || tiles.data.name === 'Leads' ? m.overview_title() : tiles.data.name;
  const isEmpty = funnel.data?.totals['leads'] === 0 && funnel.data.totals['visits'] === 0;
  return (
    <Page title={title}>
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
        {({ tiles: all }) => <Tiles tiles={all} isBusy={tiles.isPlaceholderData} />}
      </Answer>
    </Page>
  );
}
