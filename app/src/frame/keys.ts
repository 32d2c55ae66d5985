import { useEffect, useRef } from 'react';

const storeName = 'kilde.keys';

export function areKeysOn(): boolean {
  return localStorage.getItem(storeName) !== 'off';
}

export function setKeysOn(isOn: boolean): void {
  if (isOn) localStorage.removeItem(storeName);
  else localStorage.setItem(storeName, 'off');
}

export type Keys = {
  /** After G. */
  go: (letter: string) => boolean;
  press: Record<string, () => void>;
};

/** A field has the keys for itself. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

const pairMs = 1_500;

/** The keys of the frame. ⌘K works everywhere; single keys neither in fields nor where they are switched off. */
export function useKeys({ keys, openSearch }: { keys: Keys; openSearch: () => void }): void {
  const handlers = useRef({ keys, openSearch });
  handlers.current = { keys, openSearch };
  useEffect(() => {
    let goneAt = Number.NEGATIVE_INFINITY;
    const onKeyDown = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        handlers.current.openSearch();
        return;
      }
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (isTyping(event.target) || !areKeysOn()) return;
      const isAfterG = event.timeStamp - goneAt < pairMs;
      goneAt = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (isAfterG && handlers.current.keys.go(event.key.toLowerCase())) {
        event.preventDefault();
        return;
      }
      const act = handlers.current.keys.press[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
