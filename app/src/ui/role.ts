import { useSession } from '../api/who.ts';
import type { Role } from '../api/who.ts';
import { m } from '../paraglide/messages.js';

/** The narrowest first. */
export const roles = ['viewer', 'marketer', 'admin'] as const satisfies readonly Role[];

export function roleName(role: Role): string {
  return { viewer: m.role_viewer(), marketer: m.role_marketer(), admin: m.role_admin() }[role];
}

export function roleFact(role: Role): string {
  return { viewer: m.role_viewer_may(), marketer: m.role_marketer_may(), admin: m.role_admin_may() }[role];
}

/**
 * Why whoever is signed in may not do what a role may: a sentence that says which role may, for beside the control that is disabled.
 * Undefined where they may, and with an API key, of which the server knows.
 */
export function useRefusal(needed: Role): string | undefined {
  const own = useSession()?.role ?? null;
  if (own === null || roles.indexOf(own) >= roles.indexOf(needed)) return undefined;
  return m.role_needed({ needed: roleName(needed), own: roleName(own) });
}
