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

/** The navigation, in its order. A new screen takes its place here, and its route in router.tsx. */
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
  { path: '/corrections', key: 'r', label: () => m.nav_corrections(), group: 'capture' },
  { path: '/imports', key: 'i', label: () => m.nav_imports(), group: 'capture' },
  { path: '/schedules', key: 't', label: () => m.nav_schedules(), group: 'rest' },
  { path: '/settings', key: ',', label: () => m.nav_settings(), group: 'rest' },
];

/** The four words at the foot of a phone; the fifth is More. */
export const footScreens = screens.filter(({ path }) => ['/overview', '/sources', '/people', '/boards'].includes(path));

export function screenAt(pathname: string): Screen | undefined {
  return screens.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
}
