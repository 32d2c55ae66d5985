import type { KeyboardEvent } from 'react';

/** Tabs above a panel: one tab stop, arrows, Home and End choose. The panel has the id `panelId` and is named by `<panelId>-<value>`. */
export function Tabs<Value extends string>({
  label,
  panelId,
  options,
  value,
  onChange,
}: {
  label: string;
  panelId: string;
  options: ReadonlyArray<{ value: Value; label: string }>;
  value: Value;
  onChange: (value: Value) => void;
}) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const at = options.findIndex((option) => option.value === value);
    const moves: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: options.length - 1 };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const place = (move + options.length) % options.length;
    onChange(options[place]!.value);
    event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')[place]?.focus();
  };
  return (
    <div className="tabs grow" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="tab"
          id={`${panelId}-${option.value}`}
          tabIndex={option.value === value ? 0 : -1}
          aria-selected={option.value === value}
          aria-controls={panelId}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
