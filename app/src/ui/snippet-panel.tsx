import { useState } from 'react';
import { m } from '../paraglide/messages.js';
import { snippetOf, snippets } from './snippets.ts';
import type { Snippet } from './snippets.ts';
import { Tabs } from './tabs.tsx';

const names: Record<Snippet, () => string> = {
  html: () => m.snippet_html(),
  script: () => m.snippet_script(),
  formspree: () => m.snippet_formspree(),
  react: () => m.snippet_react(),
};

/** Copies a text, and says so. */
export function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState<string | null>(null);
  return (
    <button
      type="button"
      className="btn sm"
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(text))}
    >
      {copied === text ? m.copied() : m.copy()}
    </button>
  );
}

/** What is pasted into a page so that its form is sent to Kilde, in four forms. */
export function SnippetPanel({ action }: { action: string }) {
  const [kind, setKind] = useState<Snippet>('html');
  const text = snippetOf(kind, action);
  return (
    <section className="panel" aria-label={m.snippet_title()}>
      <div className="in">
        <div className="row between nowrap-row">
          <Tabs
            label={m.snippet_title()}
            panelId="snippet"
            options={snippets.map((value) => ({ value, label: names[value]() }))}
            value={kind}
            onChange={setKind}
          />
          <CopyButton text={text} />
        </div>
        <div role="tabpanel" id="snippet" aria-labelledby={`snippet-${kind}`}>
          <pre className="code" tabIndex={0}>
            <code>{text}</code>
          </pre>
        </div>
        <p className="mini above">{m.snippet_without_script()}</p>
      </div>
    </section>
  );
}
