/**
 * What stands before `/app/` in the address: nothing, `/_kilde` in front of a site, or the prefix of a proxy. The API is beside the app,
 * below the same prefix.
 */
export const prefix = /^(.*?)\/app(?:\/|$)/.exec(globalThis.location?.pathname ?? '')?.[1] ?? '';

export const appBase = `${prefix}/app`;
