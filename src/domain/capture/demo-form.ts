/** Key of the form that `/demo` sends: kept for it, and there only where the demo is on. */
export const demoFormKey = 'demo';
