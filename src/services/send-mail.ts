/** A message as it is handed to whoever sends mail. The subject and the addresses hold no line breaks. */
export type Mail = {
  to: string[];
  subject: string;
  html: string;
  text: string;
  /** Headers beside the usual ones. Names and values are Kilde's own, never a visitor's. */
  headers?: Record<string, string>;
  attachments?: Array<{ disposition: 'attachment'; filename: string; type: string; content: string }>;
};

/** Sends one mail. Rejects where it was not taken. */
export type SendMail = (mail: Mail) => Promise<void>;
