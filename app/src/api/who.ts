import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { prefix } from './place.ts';
import { forgetKey } from './session.ts';

export type Role = 'viewer' | 'marketer' | 'admin';
type Session = {
  user: { id: string; name: string; email: string } | null;
  role: Role | null;
  scopes: string[] | null;
};

const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session> => {
    const response = await fetch(`${prefix}/api/auth/session`, { signal });
    return response.ok ? ((await response.json()) as Session) : { user: null, role: null, scopes: null };
  },
  staleTime: 10 * 60_000,
});

/** Who is signed in, with their role: all null with an API key. Undefined until that is known. */
export function useSession(): Session | undefined {
  return useQuery(sessionQuery).data;
}

/** Who is signed in. Nobody with an API key. */
export function useWho(): { id: string; name: string } | undefined {
  return useSession()?.user ?? undefined;
}

/** Ends the session here and at the server, and forgets what was loaded. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    forgetKey();
    await fetch(`${prefix}/api/auth/sign-out`, { method: 'POST' }).catch(() => {});
    client.clear();
    await navigate({ to: '/sign-in' } as never);
  };
}
