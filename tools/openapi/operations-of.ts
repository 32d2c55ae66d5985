import type { Json } from './components.ts';

const methods = ['get', 'put', 'post', 'delete', 'patch'];

export function operationsOf(paths: Record<string, Json>): Json[] {
  return Object.values(paths).flatMap((path) => methods.flatMap((method) => (path[method] as Json | undefined) ?? []));
}
