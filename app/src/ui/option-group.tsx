import { createContext, useContext, useEffect, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';

const Moves = createContext(false);

/** Options of which one is chosen: one tab stop, arrows move. */
export function OptionGroup({
  labelledBy,
  className = '',
  children,
}: {
  labelledBy: string;
  className?: string;
  children: ReactNode;
}) {
  const group = useRef<HTMLDivElement>(null);
  // Where none is chosen, the first is the tab stop.
  useEffect(() => {
    const options = group.current?.querySelectorAll<HTMLElement>('[role="radio"]') ?? [];
    if (![...options].some((option) => option.ariaChecked === 'true')) options[0]?.setAttribute('tabindex', '0');
  });
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const options = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="radio"]')];
    const at = options.indexOf(document.activeElement as HTMLElement);
    options[(at + step + options.length) % options.length]?.focus();
  };
  return (
    <Moves value={true}>
      <div ref={group} role="radiogroup" aria-labelledby={labelledBy} className={className} onKeyDown={onKeyDown}>
        {children}
      </div>
    </Moves>
  );
}

export function Option({
  isChosen,
  onChoose,
  children,
}: {
  isChosen: boolean;
  onChoose: () => void;
  children: ReactNode;
}) {
  const moves = useContext(Moves);
  return (
    <button
      type="button"
      role="radio"
      aria-checked={isChosen}
      tabIndex={isChosen || !moves ? 0 : -1}
      className="opt"
      data-autofocus={isChosen || undefined}
      onClick={onChoose}
    >
      {children}
    </button>
  );
}
