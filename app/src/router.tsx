import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { KildeProblem } from './api/client.ts';
import { appBase } from './api/place.ts';
import { firstLeadQuery, sitesQuery } from './api/queries.ts';
import { onSignedOut, queryClient } from './api/query-client.ts';
import { parseSearch, stringifySearch } from './api/search.ts';
import type { Search } from './api/search.ts';
import { Broken } from './frame/broken.tsx';
import { Frame } from './frame/frame.tsx';
import { NotHerePage } from './frame/not-here-page.tsx';

/** All addresses of the app. A screen is loaded when it is first opened; those without a loader of their own ask as they are shown. */

const rootRoute = createRootRoute({
  validateSearch: (search: Record<string, unknown>): Search => search as Search,
  component: Outlet,
  notFoundComponent: NotHerePage,
});

const frameRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'frame',
  component: Frame,
  errorComponent: Broken,
  // Every screen needs the site: its time zone says what today is. The first lead says what can be compared with.
  loader: async ({ location }) => {
    try {
      await Promise.all([
        queryClient.ensureQueryData(sitesQuery),
        queryClient.ensureQueryData(firstLeadQuery).catch(() => {}),
      ]);
    } catch (error) {
      if (error instanceof KildeProblem && error.status === 401) {
        throw redirect({ to: '/sign-in', search: { to: location.href } });
      }
      throw error;
    }
  },
});

const inFrame = { getParentRoute: () => frameRoute } as const;

const routeTree = rootRoute.addChildren([
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/',
    beforeLoad: ({ search }) => {
      throw redirect({ to: '/overview', search });
    },
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sign-in',
    component: lazyRouteComponent(async () => import('./features/sign-in/sign-in-page.tsx'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/accept',
    component: lazyRouteComponent(async () => import('./features/first-run/accept-page.tsx'), 'AcceptPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/start/$step',
    component: lazyRouteComponent(async () => import('./features/first-run/start-page.tsx'), 'StartPage'),
  }),
  frameRoute.addChildren([
    createRoute({
      ...inFrame,
      path: '/overview',
      component: lazyRouteComponent(async () => import('./features/overview/overview-page.tsx'), 'OverviewPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/models',
      component: lazyRouteComponent(async () => import('./features/models/models-page.tsx'), 'ModelsPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/people',
      component: lazyRouteComponent(async () => import('./features/people/people-page.tsx'), 'PeoplePage'),
    }),
    createRoute({
      ...inFrame,
      path: '/people/$id',
      component: lazyRouteComponent(async () => import('./features/person/person-page.tsx'), 'PersonPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/companies',
      component: lazyRouteComponent(async () => import('./features/companies/companies-page.tsx'), 'CompaniesPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/companies/$id',
      component: lazyRouteComponent(async () => import('./features/company/company-page.tsx'), 'CompanyPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/deals',
      component: lazyRouteComponent(async () => import('./features/deals/deals-page.tsx'), 'DealsPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/deals/$id',
      component: lazyRouteComponent(async () => import('./features/deal/deal-page.tsx'), 'DealPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/selections',
      component: lazyRouteComponent(async () => import('./features/selections/selections-page.tsx'), 'SelectionsPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/selections/$id',
      component: lazyRouteComponent(async () => import('./features/selections/selection-page.tsx'), 'SelectionPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/boards',
      component: lazyRouteComponent(async () => import('./features/boards/boards-page.tsx'), 'BoardsPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/selections/$id/board',
      component: lazyRouteComponent(
        async () => import('./features/boards/selection-board-page.tsx'),
        'SelectionBoardPage',
      ),
    }),
    createRoute({
      ...inFrame,
      path: '/deals/board',
      component: lazyRouteComponent(async () => import('./features/boards/deal-board-page.tsx'), 'DealBoardPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/forms',
      component: lazyRouteComponent(async () => import('./features/forms/forms-page.tsx'), 'FormsPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/forms/$id',
      component: lazyRouteComponent(async () => import('./features/forms/form-page.tsx'), 'FormPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/links',
      component: lazyRouteComponent(async () => import('./features/links/links-page.tsx'), 'LinksPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/sources',
      component: lazyRouteComponent(async () => import('./features/sources/sources-page.tsx'), 'SourcesPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/reports/$id',
      component: lazyRouteComponent(async () => import('./features/sources/sources-page.tsx'), 'ReportPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/settings',
      component: lazyRouteComponent(async () => import('./features/settings/settings-page.tsx'), 'SettingsPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/settings/users',
      component: lazyRouteComponent(async () => import('./features/settings/users-page.tsx'), 'UsersPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/settings/devices',
      component: lazyRouteComponent(async () => import('./features/settings/devices-page.tsx'), 'DevicesPage'),
    }),
    createRoute({
      ...inFrame,
      path: '/more',
      component: lazyRouteComponent(async () => import('./frame/more-page.tsx'), 'MorePage'),
    }),
    createRoute({ ...inFrame, path: '/$', component: NotHerePage }),
  ]),
]);

export const router = createRouter({
  routeTree,
  basepath: appBase,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

onSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (pathname !== '/sign-in') void router.navigate({ to: '/sign-in', search: { to: href } } as never);
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
