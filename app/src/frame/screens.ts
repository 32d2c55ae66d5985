import { m } from '../paraglide/messages.js';

export type Screen = {
  /** Below /app. */
  path: string;
  /** Opens it after G. */
  key: string;
  label: () => string;
  group: 'reports' | 'records' | 'capture' | 'rest';
  /** Whether the bar's period, comparison and credit mean something there. */
  hasScope?: boolean;
};

/**
 * The navigation, in its order. A new screen takes its place here, and its route in router.tsx; what no screen stands for is not named. The
 * keys that are spoken for: R corrections, I imports, T schedules.
 */
export const screens: readonly Screen[] = [
  { path: '/overview', key: 'o', label: () => m.nav_overview(), group: 'reports', hasScope: true },
  { path: '/sources', key: 's', label: () => m.nav_sources(), group: 'reports', hasScope: true },
  { path: '/models', key: 'm', label: () => m.nav_models(), group: 'reports', hasScope: true },
  { path: '/people', key: 'p', label: () => m.nav_people(), group: 'records' },
  { path: '/companies', key: 'c', label: () => m.nav_companies(), group: 'records' },
  { path: '/deals', key: 'd', label: () => m.nav_deals(), group: 'records' },
  { path: '/selections', key: 'l', label: () => m.nav_selections(), group: 'records' },
  { path: '/boards', key: 'b', label: () => m.nav_boards(), group: 'records' },
  { path: '/forms', key: 'f', label: () => m.nav_forms(), group: 'capture' },
  { path: '/links', key: 'k', label: () => m.nav_links(), group: 'capture' },
  { path: '/settings', key: ',', label: () => m.nav_settings(), group: 'rest' },
];

/** The four words at the foot of a phone; the fifth is More. */
export const footScreens = screens.filter(({ path }) => ['/overview', '/sources', '/people', '/boards'].includes(path));

/** A saved report is one of Sources; the board of a selection is one of Boards, and that of deals is of the deals. */
export function screenAt(pathname: string): Screen | undefined {
  const at = pathname.replace(/^\/reports(?=\/)/, '/sources').replace(/^\/selections\/[^/]+\/board$/, '/boards');
  return screens.find(({ path }) => at === path || at.startsWith(`${path}/`));
}
