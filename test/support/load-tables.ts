import suffixes from '../../assets/public-suffixes.json' with { type: 'json' };
import sources from '../../assets/sources.json' with { type: 'json' };
import { useSources } from '../../src/domain/attribution/sources.ts';
import { usePublicSuffixes } from '../../src/domain/hosts/public-suffixes.ts';

usePublicSuffixes(suffixes);
useSources(sources);
