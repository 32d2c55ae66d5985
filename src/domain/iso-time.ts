/** A moment in milliseconds since the epoch as the API writes it: ISO 8601, UTC. */
export function toIso(at: number): string {
  return new Date(at).toISOString();
}

export function toIsoOrNull(at: number | null): string | null {
  return at === null ? null : toIso(at);
}
