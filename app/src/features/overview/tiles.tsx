import { Link, useSearch } from '@tanstack/react-router';
import { countOf, moneyOf, rateOf, textOf } from '../../api/report.ts';
import type { Report, Row } from '../../api/report.ts';
import { inLanguage } from '../../api/report-definitions.ts';
import { keepScope } from '../../api/scope.ts';
import { BarList } from '../../charts/bar-list.tsx';
import type { Bar } from '../../charts/bar-list.tsx';
import { m } from '../../paraglide/messages.js';
import { DataTable } from '../../ui/data-table.tsx';
import { FactLine } from '../../ui/fact-line.tsx';
import {
  formatCount,
  formatCredit,
  formatPercent,
  formatShort,
  formatSigned,
  formatTimes,
  none,
} from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { rateText } from '../../ui/rate.tsx';
import { Empty } from '../../ui/states.tsx';
import type { AnsweredTile, ShownDashboard } from './queries.ts';

const [openers, closers] = ['new-leads-by-first-touch-source', 'new-leads-by-lead-creation-source'];

/** What stands above already: the funnel, and the table of sources. Forms and sources together are in Sources. */
const shownAbove = new Set([
  'lead-qualification-funnel',
  'deals-by-lead-creation-source',
  'new-leads-from-forms',
  openers,
]);

const shownRows = 5;

/**
 * The tiles of a dashboard, in its order: those of first touch and lead creation are one, who opens and who closes. Of the built-in
 * dashboard what stands above on the screen is left out.
 */
export function groupTiles({ tiles, builtIn }: Pick<ShownDashboard, 'tiles' | 'builtIn'>): AnsweredTile[][] {
  const opening = tiles.find(({ reportId }) => reportId === openers);
  const closing = tiles.some(({ reportId }) => reportId === closers);
  return tiles
    .filter(({ reportId }) => (builtIn ? !shownAbove.has(reportId ?? '') : reportId !== openers || !closing))
    .map((tile) => (tile.reportId === closers && opening !== undefined ? [opening, tile] : [tile]));
}

export function Tiles({ shown, isBusy }: { shown: ShownDashboard; isBusy: boolean }) {
  const search = keepScope(useSearch({ strict: false }));
  return (
    <div className="grid stretch">
      {groupTiles(shown).map((tiles, place) => {
        const { width, height, reportId, report } = tiles.at(-1)!;
        const title = titleOfGroup(tiles);
        return (
          <Panel
            key={`${reportId}${place}`}
            className={`w${width * 4} h${height}`}
            title={
              report === null || tiles.length > 1 ? (
                title
              ) : (
                <Link to={`/reports/${report.id}`} search={search}>
                  {title}
                </Link>
              )
            }
            isBusy={isBusy}
            fact={<FactLine>{tiles.length > 1 ? openersFact(pairsOf(tiles)) : factOf(tiles[0]!)}</FactLine>}
          >
            <TileContent tiles={tiles} />
          </Panel>
        );
      })}
    </div>
  );
}

export function titleOfGroup(tiles: readonly AnsweredTile[]): string {
  const [tile] = tiles;
  return tile === undefined ? '' : tiles.length > 1 ? m.tile_openers() : titleOf(tile);
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
  return report === null ? m.tile_gone() : inLanguage(report.name);
}

/** Figures of a report without groups, a table where there is room for one, else its largest rows as bars. */
export function TileContent({ tiles }: { tiles: readonly AnsweredTile[] }) {
  const [tile] = tiles;
  if (tile === undefined || tile.answer === null) return <Empty title={m.tile_empty()} />;
  if (tiles.length > 1) return <OpenersTable pairs={pairsOf(tiles)} />;
  const { answer, width, height } = tile;
  const limit = height > 1 ? 12 : shownRows;
  if (askedOf(answer).dimensions.length === 0) return <Figures report={answer} />;
  if (width > 1) return <MeasureTable report={answer} limit={limit} title={titleOf(tile)} />;
  const bars = barsOf(answer, limit);
  if (bars.length === 0) return <Empty title={m.tile_empty()} />;
  return (
    <div className="in">
      <BarList bars={bars} />
    </div>
  );
}

function measureName(report: Report, name: string): string {
  const label = report.measures?.[name]?.label;
  return label === undefined ? name : inLanguage(label);
}

function Figures({ report }: { report: Report }) {
  return (
    <dl className="figs">
      {askedOf(report).measures.map((name) => (
        <div key={name}>
          <dt>{measureName(report, name)}</dt>
          <dd>{measureText(report.totals[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

function MeasureTable({ report, limit, title }: { report: Report; limit: number; title: string }) {
  const { measures, dimensions } = askedOf(report);
  return (
    <DataTable
      dense
      caption={title}
      rows={report.rows.slice(0, limit)}
      keyOf={(row) => JSON.stringify(dimensions.map((name) => row[name]))}
      columns={[
        {
          id: 'group',
          head: m.tile_group(),
          cell: (row) => dimensions.map((name) => textOf(row, name) ?? m.value_unknown()).join(' / '),
        },
        ...measures.map((name, place) => ({
          id: name,
          head: measureName(report, name),
          kind: 'num' as const,
          isOnPhone: place === 0,
          cell: (row: Row) => measureText(row[name]),
        })),
      ]}
    />
  );
}

/** A number by its shape: a count, money, a rate or a ratio. */
function measureText(value: unknown): string {
  if (typeof value === 'number') return formatCredit(value);
  if (typeof value !== 'object' || value === null) return none;
  const { amount, currency, low } = value as { amount?: number | string; currency?: unknown; low?: unknown };
  if (currency !== undefined) return formatShort(amount === undefined || amount === null ? null : Number(amount));
  const number = (value as { value: number | null }).value;
  return low === undefined ? formatTimes(number) : formatPercent(number);
}

type Asked = { measures: string[]; dimensions: string[] };

function askedOf(report: Report): Asked {
  return report.query as unknown as Asked;
}

/** The largest rows by their first measure; beside it the measure that says most. */
function barsOf(report: Report, limit: number): Bar[] {
  const { measures, dimensions } = askedOf(report);
  const [measure = 'leads'] = measures;
  const valueOf = (row: Row): number => countOf(row, measure) ?? moneyOf(row, measure)?.amount ?? 0;
  return report.rows
    .filter((row) => valueOf(row) > 0 && (textOf(row, dimensions[0] ?? '') !== null || !isNamed(dimensions[0])))
    .toSorted((a, b) => valueOf(b) - valueOf(a))
    .slice(0, limit)
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
function OpenersTable({ pairs }: { pairs: readonly Pair[] }) {
  return (
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
  );
}

function pairsOf([opening, closing]: readonly AnsweredTile[]): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const [point, tile] of [['first', opening] as const, ['lead', closing] as const]) {
    for (const row of tile?.answer?.rows ?? []) {
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
