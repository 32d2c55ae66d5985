import { useEffect, useState } from 'react';
import { m } from '../paraglide/messages.js';

const saidMs = 2_000;

/** The address of this view, with all that was chosen in it; or another one. */
export function CopyLink({ url }: { url?: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), saidMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(url ?? location.href);
    setCopied(true);
  };
  return (
    <button type="button" className="btn sm" onClick={() => void copy()}>
      <span aria-live="polite">{isCopied ? m.copied() : m.copy_link()}</span>
    </button>
  );
}
