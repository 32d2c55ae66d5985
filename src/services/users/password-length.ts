/** How many characters a password has. The most bounds the work of a request. */
export const passwordLength = { min: 10, max: 200 } as const;
