/** Text for a subject or a title: no line break or control character, whatever a name holds, and at most 200 characters. */
export function oneLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
