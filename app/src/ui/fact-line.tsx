import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';

/**
 * One line that belongs to whatever number has focus, hover or a tap. Without one it gives the facts of the whole. It is announced
 * politely once the keys rest.
 */
export function FactLine({ id, children }: { id?: string; children: ReactNode }) {
  const line = useRef<HTMLParagraphElement>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSaid(line.current?.textContent ?? ''), announceAfterMs);
    return () => clearTimeout(timer);
  });
  return (
    <>
      <p className="fact" id={id} ref={line}>
        {children}
      </p>
      <span className="vh" aria-live="polite">
        {said}
      </span>
    </>
  );
}

const announceAfterMs = 300;

type Facts = { fact: ReactNode; show: (fact: ReactNode | null) => void };
const FactContext = createContext<Facts>({ fact: null, show: () => {} });

/** Holds what the numbers below it say about themselves. `whole` stands there without focus. */
export function FactScope({ whole, children }: { whole: ReactNode; children: (line: ReactNode) => ReactNode }) {
  const [fact, show] = useState<ReactNode | null>(null);
  const facts = useMemo(() => ({ fact, show }), [fact]);
  return <FactContext value={facts}>{children(<FactLine>{fact ?? whole}</FactLine>)}</FactContext>;
}

/** What a number spreads on its element so that the line says its facts while it has focus or hover. */
export function useFact() {
  const { show } = useContext(FactContext);
  return (fact: ReactNode) => ({
    onFocus: () => show(fact),
    onMouseEnter: () => show(fact),
    onMouseLeave: () => show(null),
    onBlur: () => show(null),
  });
}
