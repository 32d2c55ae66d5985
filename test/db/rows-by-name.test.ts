import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowsByName } from '../../tools/build.ts';

type Rows = { rows: Array<Record<string | number, unknown> & { length: number }> };
type ReadRows = (answer: { cols: Array<{ name: string }>; rows: unknown[][] }, mode: 'number') => Rows;

/** How libSQL's client makes rows, as it is and as the Worker's build has it. */
async function readerOf(plugins: Array<typeof rowsByName>): Promise<ReadRows> {
  const { outputFiles } = await build({
    stdin: {
      contents: "export { rowsResultFromProto } from './node_modules/@libsql/hrana-client/lib-esm/result.js';",
      resolveDir: '.',
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    plugins,
  });
  const code = Buffer.from(outputFiles[0]!.text).toString('base64');
  return ((await import(`data:text/javascript;base64,${code}`)) as { rowsResultFromProto: ReadRows })
    .rowsResultFromProto;
}

const name = fc.constantFrom(
  'id',
  'name',
  '0',
  '1',
  '2',
  '7',
  '99',
  '100',
  'length',
  'constructor',
  'toString',
  '__proto__x',
);

/** What a spread takes along. A column that is called as a place of its row is read by place. */
function named(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !/^\d+$/.test(key)));
}

describe('rows of the built Worker', () => {
  it('are read as those of the library: by name, by place, and by their length', async () => {
    const [built, library] = await Promise.all([readerOf([rowsByName]), readerOf([])]);
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), (names) => {
        const answer = {
          cols: names.map((one) => ({ name: one })),
          rows: [names.map((_, place) => `value ${place}`)],
        };
        const [mine, theirs] = [built(answer, 'number').rows[0]!, library(answer, 'number').rows[0]!];
        for (const key of [...names, 0, 1, 5, 'length']) expect(mine[key]).toEqual(theirs[key]);
        expect(named(mine)).toEqual(named(theirs));
      }),
    );
  });
});
