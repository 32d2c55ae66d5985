import type { Deps } from './deps.ts';
import type { Language } from './page.ts';

/** `assets/demo.json`: what the demo's pages say, and how they look. */
type DemoAsset = typeof import('../../assets/demo.json');
export type Words = Omit<DemoAsset['words']['en'], 'reasons'> & { reasons: Record<string, string> };
export type DemoTexts = { style: string; words: Record<Language, Words> };

let texts: DemoTexts | undefined;

/** Reads them when the demo is first asked for: no other request needs them. */
export async function readDemoTexts({ readAsset }: Pick<Deps, 'readAsset'>): Promise<DemoTexts> {
  texts ??= JSON.parse(await readAsset('/demo.json')) as DemoTexts;
  return texts;
}
