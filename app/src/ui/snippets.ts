export type Snippet = 'html' | 'script' | 'formspree' | 'react';
export const snippets: readonly Snippet[] = ['html', 'script', 'formspree', 'react'];

/** What is pasted into a page so that its form is sent to Kilde. `action` is the form's address; the script stands beside it. */
export function snippetOf(kind: Snippet, action: string): string {
  const script = `<script async src="${new URL('/k.js', action).href}"></script>`;
  if (kind === 'script') return script;
  if (kind === 'formspree')
    return `- <form action="https://formspree.io/f/…" method="post">\n+ <form action="${action}" method="post">\n\n${script}`;
  if (kind === 'react') {
    return `export function Contact() {
  return (
    <form action="${action}" method="post">
      <label>Name <input name="name" autoComplete="name" /></label>
      <label>E-mail <input name="email" type="email" autoComplete="email" required /></label>
      <label>Company <input name="company" autoComplete="organization" /></label>
      <input name="_gotcha" tabIndex={-1} autoComplete="off" hidden />
      <button>Send</button>
    </form>
  );
}

${script}`;
  }
  return `<form action="${action}" method="post">
  <label>Name <input name="name" autocomplete="name"></label>
  <label>E-mail <input name="email" type="email" autocomplete="email" required></label>
  <label>Company <input name="company" autocomplete="organization"></label>
  <input name="_gotcha" tabindex="-1" autocomplete="off" hidden>
  <button>Send</button>
</form>
${script}`;
}
