import type { Deps } from '../http/deps.ts';

export async function resolveLink(_deps: Deps, _slug: string): Promise<{ id: number; siteId: number; url: string } | null> {
  return null;
}

export async function countLinkVisit(_deps: Deps, _visit: { linkId: number; at: number }): Promise<void> {}
