/** The name of a row of a chart, cut where it would reach into the plot. */
export function RowLabel({ label, y, width }: { label: string; y: number; width: number }) {
  return (
    <foreignObject x={0} y={y - 10} width={Math.max(0, width - 10)} height={20}>
      <div className="rowname cut" title={label}>
        {label}
      </div>
    </foreignObject>
  );
}

/** Beside the names there is room for the plot from 480 px on; below that a name stands above its line. */
export function rowLayout(width: number): { labelWidth: number; left: number; rowHeight: number; labelDy: number } {
  return width < 480
    ? { labelWidth: width, left: 4, rowHeight: 42, labelDy: -20 }
    : { labelWidth: 210, left: 210, rowHeight: 23, labelDy: 0 };
}
