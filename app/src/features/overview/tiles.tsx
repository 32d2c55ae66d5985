import { countOf, moneyOf, rateOf, textOf } from '../../api/report.ts';
import type { Report, Row } from '../../api/report.ts';
import { BarList } from '../../charts/bar-list.tsx';
import type { Bar } from '../../charts/bar-list.tsx';
import { m } from '../../paraglide/messages.js';
import { getLocale } from '../../paraglide/runtime.js';
import { DataTable } from '../../ui/data-table.tsx';
import { FactLine } from '../../ui/fact-line.tsx';
import { formatCount, formatPercent, formatShort, formatSigned } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { rateText } from '../../ui/rate.tsx';
import { Empty } from '../../ui/states.tsx';
import type { AnsweredTile } from './queries.ts';

const [openers, closers] = ['new-leads-by-first-touch-source', 'new-leads-by-lead-creation-source'];

/** What stands above already: the funnel, and the table of sources. Forms and sources together are in Sources. */
const shownAbove = new Set([
  'lead-qualification-funnel',
  'deals-by-lead-creation-source',
  'new-leads-from-forms',
  openers,
]);

const shownRows = 5;

/** The tiles of the dashboard, in its order. Its two tiles of first touch and lead creation are one: who opens and who closes. */
export function Tiles({ tiles, isBusy }: { tiles: readonly AnsweredTile[]; isBusy: boolean }) {
  const opening = tiles.find(({ reportId }) => reportId === openers);
  const shown = tiles.filter(({ reportId }) => reportId === null || !shownAbove.has(reportId));
  return (
    <div className="grid stretch">
      {shown.map((tile, place) =>
        tile.reportId === closers && opening?.answer && tile.answer ? (
          <OpenersTile key={`${tile.reportId}${place}`} first={opening.answer} lead={tile.answer} isBusy={isBusy} />
        ) : (
          <BarTile key={`${tile.reportId}${place}`} tile={tile} isBusy={isBusy} />
        ),
      )}
    </div>
  );
}

function titleOf({ title, reportId, report }: AnsweredTile): string {
  const own: Record<string, () => string> = {
    'new-leads-by-campaign': m.tile_campaigns,
    'top-forms': m.tile_forms,
    'top-referring-sites': m.tile_referrers,
    'new-leads-from-chat': m.tile_chat,
    'pipeline-by-lead-creation-source': m.tile_pipeline,
  };
  if (title !== null) return title;
  const known = own[reportId ?? ''];
  if (known !== undefined) return known();
  const name = report?.name;
  if (name === undefined) return m.tile_gone();
  return typeof name === 'string' ? name : getLocale() === 'nb' ? name.no : name.en;
}

function BarTile({ tile, isBusy }: { tile: AnsweredTile; isBusy: boolean }) {
  const { answer } = tile;
  const bars = answer === null ? [] : barsOf(answer);
  return (
    <Panel className="w4" title={titleOf(tile)} isBusy={isBusy} fact={<FactLine>{factOf(tile)}</FactLine>}>
      {bars.length === 0 ? (
        <Empty title={m.tile_empty()} />
      ) : (
        <div className="in">
          <BarList bars={bars} />
        </div>
      )}
    </Panel>
  );
}

type Asked = { measures: string[]; dimensions: string[] };

function askedOf(report: Report): Asked {
  return report.query as unknown as Asked;
}

/** The five largest rows by their first measure; beside it the measure that says most. */
function barsOf(report: Report): Bar[] {
  const { measures, dimensions } = askedOf(report);
  const [measure = 'leads'] = measures;
  const valueOf = (row: Row): number => countOf(row, measure) ?? moneyOf(row, measure)?.amount ?? 0;
  return report.rows
    .filter((row) => valueOf(row) > 0 && (textOf(row, dimensions[0] ?? '') !== null || !isNamed(dimensions[0])))
    .toSorted((a, b) => valueOf(b) - valueOf(a))
    .slice(0, shownRows)
    .map((row, place) => {
      const name = textOf(row, dimensions[0] ?? '');
      return {
        key: `${name}${place}`,
        label: name ?? <span className="soft">{unknownOf(dimensions[0])}</span>,
        value: valueOf(row),
        text: measure === 'pipeline' ? formatShort(valueOf(row)) : formatCount(valueOf(row)),
        sub: subOf(row, measures),
      };
    });
}

/** Dimensions of which a list of the largest shows what has a name alone. */
function isNamed(dimension: string | undefined): boolean {
  return dimension === 'referrerDomain' || dimension === 'form';
}

function unknownOf(dimension: string | undefined): string {
  return dimension === 'campaign' ? m.value_no_campaign() : m.value_unknown();
}

function subOf(row: Row, measures: readonly string[]): string {
  if (measures.includes('submissions')) return m.tile_sent({ count: formatCount(countOf(row, 'submissions')) });
  if (measures.includes('openDeals')) return m.tile_deals({ count: formatCount(countOf(row, 'openDeals')) });
  if (measures.includes('deals')) return rateText(rateOf(row, 'leadToDealRate'), 0);
  if (measures.includes('leadShare')) return formatPercent(rateOf(row, 'leadShare')?.value);
  return '';
}

function factOf({ reportId, answer }: AnsweredTile): string {
  const leads = formatCount(countOf(answer?.totals, 'leads'));
  switch (reportId ?? '') {
    case 'new-leads-by-campaign': {
      return m.tile_campaigns_fact({ count: leads });
    }
    case 'top-forms': {
      return m.tile_forms_fact();
    }
    case 'top-referring-sites': {
      return m.tile_referrers_fact();
    }
    case 'new-leads-from-chat': {
      return m.tile_chat_fact({ count: leads });
    }
    case 'pipeline-by-lead-creation-source': {
      const open = moneyOf(answer?.totals, 'pipeline');
      return m.tile_pipeline_fact({ amount: `${formatShort(open?.amount)} ${open?.currency ?? ''}`.trim() });
    }
    default: {
      return leads === '–' ? ' ' : m.count_leads({ count: leads });
    }
  }
}

type Pair = { source: string; first: number; lead: number };

/** The same leads by two points: who introduces, and who closes. */
function OpenersTile({ first, lead, isBusy }: { first: Report; lead: Report; isBusy: boolean }) {
  const pairs = pairsOf(first, lead);
  return (
    <Panel className="w4" title={m.tile_openers()} isBusy={isBusy} fact={<FactLine>{openersFact(pairs)}</FactLine>}>
      <DataTable
        dense
        caption={m.tile_openers_caption()}
        rows={pairs.slice(0, shownRows)}
        keyOf={({ source }) => source}
        columns={[
          { id: 'source', head: m.dimension_source(), cell: ({ source }) => source },
          { id: 'first', head: m.model_first_touch(), kind: 'num', cell: (pair) => formatCount(pair.first) },
          { id: 'lead', head: m.model_lead_creation(), kind: 'num', cell: (pair) => formatCount(pair.lead) },
          { id: 'moved', head: m.tile_moved(), kind: 'num', cell: (pair) => formatSigned(pair.lead - pair.first) },
        ]}
      />
    </Panel>
  );
}

function pairsOf(first: Report, lead: Report): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const [point, report] of [['first', first] as const, ['lead', lead] as const]) {
    for (const row of report.rows) {
      const source = textOf(row, 'source') ?? m.value_unknown();
      const pair = pairs.get(source) ?? { source, first: 0, lead: 0 };
      pairs.set(source, { ...pair, [point]: countOf(row, 'leads') ?? 0 });
    }
  }
  return [...pairs.values()].toSorted((a, b) => b.first + b.lead - a.first - a.lead);
}

function openersFact(pairs: readonly Pair[]): string {
  const named = pairs.filter(({ source }) => source !== m.value_unknown());
  const moved = named.toSorted((a, b) => a.lead - a.first - (b.lead - b.first));
  const [opens, closes] = [moved[0], moved.at(-1)];
  if (opens === undefined || closes === undefined || opens.lead >= opens.first || closes.lead <= closes.first) {
    return m.tile_openers_same();
  }
  return m.tile_openers_fact({ opens: opens.source, closes: closes.source });
}
