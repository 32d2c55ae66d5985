import { readFileSync } from 'node:fs';
import { sourcesAsset, useSources } from '../src/domain/attribution/sources.ts';
import type { PackedSources } from '../src/domain/attribution/sources.ts';
import { publicSuffixesAsset, usePublicSuffixes } from '../src/domain/hosts/public-suffixes.ts';
import type { PackedSuffixes } from '../src/domain/hosts/public-suffixes.ts';

/** Gives tools the tables that the Worker reads from its assets. */
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../assets${name}`, import.meta.url), 'utf8'));

usePublicSuffixes(read(publicSuffixesAsset) as PackedSuffixes);
useSources(read(sourcesAsset) as PackedSources);
