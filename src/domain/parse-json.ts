/** Nothing that Kilde reads is nested so deep; what walks a value may call itself as often. */
const maxJsonDepth = 64;

/**
 * JSON with every text well-formed: half a surrogate pair (`\\ud800`) becomes U+FFFD, since no database takes it.
 * @throws SyntaxError where it is not JSON, or lists and objects are nested too deep. Its message may be shown.
 */
export function parseJson(text: string): unknown {
  const value = parse(text);
  if (isDeeper(value, maxJsonDepth)) throw new SyntaxError(`it is nested more than ${maxJsonDepth} levels deep`);
  return /\\u[dD][89a-fA-F]/.test(text) ? toWellFormed(value) : value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError('it is not valid JSON');
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
  return parts.some((one) => isDeeper(one, levels - 1));
}

function toWellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(toWellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name.toWellFormed(), toWellFormed(one)]));
}
