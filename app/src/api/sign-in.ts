import { kilde, KildeProblem } from './client.ts';
import { prefix } from './place.ts';
import { sitesQuery } from './queries.ts';
import { queryClient } from './query-client.ts';
import { forgetKey, storeKey } from './session.ts';

/** Opens a session: the answer sets its cookie. @throws KildeProblem 401 for an unknown address and for a wrong password alike. */
export async function signIn({ email, password }: { email: string; password: string }): Promise<void> {
  forgetKey();
  const response = await fetch(`${prefix}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (!response.ok) {
    throw new KildeProblem({}, { status: response.status, requestId: response.headers.get('x-request-id') });
  }
  await enter();
}

/** Has a link for a new password mailed. The answer is the same whether there is such a user or not. */
export async function askRecovery(email: string): Promise<void> {
  await kilde().POST('/api/auth/recovery', { body: { email } });
}

/** Takes an API key for this tab. @throws KildeProblem 401 where it opens nothing. */
export async function enterWithKey(key: string): Promise<void> {
  storeKey(key);
  try {
    await kilde().GET('/api/v1/sites');
  } catch (error) {
    forgetKey();
    throw error;
  }
  await enter();
}

async function enter(): Promise<void> {
  queryClient.clear();
  await queryClient.ensureQueryData(sitesQuery);
}
