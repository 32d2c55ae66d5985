/** The longest text that a placeholder gives. */
const maxLength = 200;

/**
 * Fills `{{name}}` in a text that a form's owner wrote with answers of its sender. Names are compared without case; an unknown one gives
 * nothing. Anybody can send a form with somebody else's address, so an answer is one line of at most 200 characters, and an answer with
 * a link or an address in it is left out: the mail must not carry what strangers want others to read.
 *
 * @param values by name.
 * @example fillPlaceholders({ text: 'Hi {{firstName}}', values: { firstName: 'Kari' } }) // 'Hi Kari'
 */
export function fillPlaceholders({ text, values }: { text: string; values: Record<string, string | null> }): string {
  const byName = new Map(Object.entries(values).map(([name, value]) => [foldName(name), value]));
  // One pass: what an answer holds is never read as a placeholder itself.
  return text.replaceAll(/\{\{([^{}]{1,200})\}\}/g, (_, name: string) => plainAnswer(byName.get(foldName(name))));
}

const foldName = (name: string): string => name.trim().toLowerCase();

const link = /:\/\/|\bwww\.|@|\b[\p{L}\p{N}-]+\.(?:[a-z]{2,24})\b\/?/iu;

function plainAnswer(answer: string | null | undefined): string {
  const line = (answer ?? '').replaceAll(/[\s\p{C}]+/gu, ' ').trim();
  if (link.test(line)) return '';
  return line.slice(0, maxLength).toWellFormed();
}
