/** A report as a chat shows it: a title, and a table as lines of text. */
export type ChatMessage = { title: string; lines: string[] };

/** Lines as a block of code, in which nothing is read as markup. */
export const codeBlock = (lines: readonly string[]): string =>
  `\`\`\`\n${lines.join('\n').replaceAll('```', "'''").trim().slice(0, 2_800)}\n\`\`\``;

/** Slack and Google Chat read `<…>` and `&` as their own, mentions of everybody among them. */
export const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A title without what chats read as emphasis, mentions and links. */
export const plainTitle = (text: string): string =>
  escapeMarkup(text.replaceAll(/[*_`~@]/g, '').replaceAll('](', '] ('));
