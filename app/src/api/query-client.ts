import { keepPreviousData, QueryCache, QueryClient } from '@tanstack/react-query';
import { KildeProblem } from './client.ts';

let leave: (() => void) | undefined;

/** Called once by the router: where to go when nobody is signed in. */
export function onSignedOut(go: () => void): void {
  leave = go;
}

function isSignedOut(error: unknown): boolean {
  return error instanceof KildeProblem && error.status === 401;
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (isSignedOut(error)) leave?.();
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      // The client tries again by itself.
      retry: false,
      // Old numbers stay, dimmed, until the new ones are there.
      placeholderData: keepPreviousData,
    },
  },
});
