import { useEffect, useRef, useState } from 'react';

/** The width that a container gives its chart. Text in it is never scaled. */
export function useWidth<Element extends HTMLElement>(first: number) {
  const container = useRef<Element>(null);
  const [width, setWidth] = useState(first);
  useEffect(() => {
    const element = container.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.max(240, Math.round(entry.contentRect.width)));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { container, width };
}
