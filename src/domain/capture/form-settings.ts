/** `manualIfUnknown`: submissions of people who are not known wait for approval. */
export const formModes = ['automatic', 'manualIfUnknown'] as const;

/** The languages of the texts that the sender of a form sees. */
export const formLanguages = ['en', 'no'] as const;
