/** Moves the focus along a line of criteria: field, operator, value. A line may be drawn some frames after it was added. */

export function focusOperator(location: string): void {
  focusWhenDrawn(location, '[data-operator]');
}

/** The first field of the value. Where an operator takes none, the operator keeps the focus. */
export function focusValue(location: string): void {
  focusWhenDrawn(location, 'input, select:not([data-operator])');
}

function focusWhenDrawn(location: string, selector: string, framesLeft = 20): void {
  requestAnimationFrame(() => {
    const line = document.querySelector(`[data-line="${location}"]`);
    const field = line?.querySelector<HTMLElement>(selector);
    if (field) field.focus();
    else if (framesLeft > 0) focusWhenDrawn(location, selector, framesLeft - 1);
  });
}
