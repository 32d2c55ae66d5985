/** How a tile shows its report. */
export const tileDisplays = ['number', 'table', 'bars', 'lines', 'stack', 'rates', 'models', 'funnel'] as const;
export type TileDisplay = (typeof tileDisplays)[number];

/** A tile is 1 to 3 columns wide, of four grid columns each, and 1 or 2 rows high. */
export const maxTileWidth = 3;
export const maxTileHeight = 2;
export const maxTiles = 40;

/** A tile: a preset or saved report by its id, or a query of its own. `title` replaces the name of the report. */
export type Tile = {
  title?: string | undefined;
  reportId?: string | undefined;
  query?: Record<string, unknown> | undefined;
  width: number;
  height: number;
  display: TileDisplay;
};

const tile = (reportId: string, [width, height]: readonly [number, number], display: TileDisplay): Tile => ({
  reportId,
  width,
  height,
  display,
});

/** The lead dashboard: what is shown where nobody has made another one. It stands in no table, and cannot be changed. */
export const builtInDashboard = {
  id: 'leads',
  name: 'Leads',
  description: 'How far leads came, where new leads and deals come from, and the pipeline',
  tiles: [
    tile('lead-qualification-funnel', [3, 1], 'funnel'),
    tile('new-leads-by-campaign', [1, 1], 'bars'),
    tile('new-leads-by-first-touch-source', [1, 1], 'bars'),
    tile('new-leads-by-lead-creation-source', [1, 1], 'bars'),
    tile('new-leads-from-forms', [1, 1], 'table'),
    tile('new-leads-from-chat', [1, 1], 'table'),
    tile('top-forms', [1, 1], 'table'),
    tile('top-referring-sites', [1, 1], 'table'),
    tile('deals-by-lead-creation-source', [2, 1], 'table'),
    tile('pipeline-by-lead-creation-source', [1, 1], 'bars'),
  ],
} as const;
