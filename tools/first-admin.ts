import { failWith, findDatabase, StartError } from './data-folder.ts';
import { firstLink } from './first-link.ts';

/**
 * `npm run first-admin`: prints the one-time link by which the first administrator is made, for the database at LIBSQL_URL, or that of
 * the Kilde that runs on this machine.
 */
async function main(): Promise<void> {
  const baseUrl = process.env['KILDE_PUBLIC_URL'];
  if (!baseUrl)
    throw new StartError('KILDE_PUBLIC_URL is not set: Kilde’s own address, such as https://kilde.example.com.');
  const link = await firstLink({ ...findDatabase(), baseUrl });
  console.log(link ?? 'There are users already. A link for the first administrator is made while there is none.');
}

await main().catch(failWith);
