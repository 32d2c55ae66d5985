const shapes = {
  down: 'M3.5 5.5L7 9l3.5-3.5',
  search: 'M6 10.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4zM9.2 9.2L12.5 12.5',
  close: 'M3.5 3.5l7 7M10.5 3.5l-7 7',
  menu: 'M2 4h10M2 7h10M2 10h10',
  back: 'M8.5 3L4.5 7l4 4',
  more: 'M3 7h.01M7 7h.01M11 7h.01',
} as const;

/** An icon stands where a word would not fit. Whatever holds it names it. */
export function Icon({ shape, size = 14 }: { shape: keyof typeof shapes; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 14 14"
      fill="none"
      stroke="currentColor"
      strokeWidth={shape === 'more' ? 2.4 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={shapes[shape]} />
    </svg>
  );
}

export function Drop({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" aria-hidden="true">
      <path fill="currentColor" d="M11 1c4 5 7 8.2 7 12a7 7 0 0 1-14 0c0-3.8 3-7 7-12z" />
    </svg>
  );
}
