import { join } from 'node:path';
import { build } from 'esbuild';

export type BareVariant = 'empty' | 'touch-by-hand' | 'insert' | 'same-rows';

/** A bare Worker of variants/, bundled as the product is, as one module. */
export async function bundleVariant(name: BareVariant): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'variants', `${name}.ts`)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser', 'import'],
  });
  return outputFiles[0]!.text;
}
