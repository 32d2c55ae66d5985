/** The roles of users, the narrowest first, each with the scope that it is to the API. */
export const roleScopes = { viewer: 'read', marketer: 'write', admin: 'admin' } as const;
export type Role = keyof typeof roleScopes;
export const roles = Object.keys(roleScopes) as [Role, ...Role[]];

/** The role that a scope needs. */
export function roleOfScope(scope: (typeof roleScopes)[Role]): Role {
  return roles.find((role) => roleScopes[role] === scope)!;
}

/** What a one-time link is for. */
export const linkPurposes = ['invitation', 'recovery', 'firstAdministrator'] as const;
export type LinkPurpose = (typeof linkPurposes)[number];
