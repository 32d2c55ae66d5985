import { sourcesAsset, useSources } from '../../domain/attribution/sources.ts';
import type { PackedSources } from '../../domain/attribution/sources.ts';
import { publicSuffixesAsset, usePublicSuffixes } from '../../domain/hosts/public-suffixes.ts';
import type { PackedSuffixes } from '../../domain/hosts/public-suffixes.ts';
import type { ReadAsset } from '../capture-settings.ts';

/**
 * Reads the tables that the domain is asked for without waiting: once, before the first event of an isolate. Requests that
 * come meanwhile read for themselves, since a Worker may not wait for another request's input and output.
 */
export function tableLoader(readAsset: ReadAsset): () => Promise<void> | undefined {
  let isLoaded = false;
  const load = async (): Promise<void> => {
    const [suffixes, sources] = await Promise.all([readAsset(publicSuffixesAsset), readAsset(sourcesAsset)]);
    usePublicSuffixes(JSON.parse(suffixes) as PackedSuffixes);
    useSources(JSON.parse(sources) as PackedSources);
    isLoaded = true;
  };
  return () => (isLoaded ? undefined : load());
}
