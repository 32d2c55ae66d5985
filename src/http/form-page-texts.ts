import type { ErrorCode } from '../domain/errors.ts';
import type { EmailProblem } from '../domain/people/normalize-email.ts';
import { emailMessage } from '../services/capture/prepare-lead.ts';
import type { Language } from './page.ts';

/** What the pages say that the sender of a form sees. */
export const texts = {
  en: {
    thanks: 'Thank you',
    received: 'What you sent has been received.',
    failed: 'The form was not sent',
    kept: 'Go back to the form: what you have filled in is still there.',
    back: 'Back to the form',
    confirmTitle: 'Please confirm',
    confirmAsked: 'You agree to this:',
    confirm: 'Confirm',
    confirmed: 'Confirmed',
    confirmedText: 'Thank you. Your consent has been stored.',
    usedTitle: 'This link does not work any more',
    usedText: 'It was used already, or it is too old. Send the form again for a new one.',
  },
  no: {
    thanks: 'Takk',
    received: 'Vi har mottatt det du sendte.',
    failed: 'Skjemaet ble ikke sendt',
    kept: 'Gå tilbake til skjemaet: det du har fylt ut, står der fortsatt.',
    back: 'Tilbake til skjemaet',
    confirmTitle: 'Bekreft',
    confirmAsked: 'Du samtykker til dette:',
    confirm: 'Bekreft',
    confirmed: 'Bekreftet',
    confirmedText: 'Takk. Samtykket ditt er lagret.',
    usedTitle: 'Lenken virker ikke lenger',
    usedText: 'Den er brukt allerede, eller den er for gammel. Send skjemaet på nytt for å få en ny.',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** Why a form was not accepted, in words for its sender. Null: the error's own message says it best, in English. */
export const reasons: Record<Language, Record<ErrorCode, string | null>> = {
  en: {
    bad_request: null,
    invalid_input: null,
    unauthorized: null,
    forbidden: null,
    not_found: null,
    method_not_allowed: null,
    conflict: null,
    precondition_failed: null,
    form_closed: 'This form is closed.',
    payload_too_large: null,
    unsupported_media_type: null,
    too_expensive: null,
    rate_limited: null,
    internal: 'Something went wrong on our side. Try again in a moment.',
    bad_gateway: 'Something went wrong on our side. Try again in a moment.',
    loop_detected: 'Something went wrong on our side. Try again in a moment.',
    unavailable: 'Something went wrong on our side. Try again in a moment.',
  },
  no: {
    bad_request: 'Skjemaet kunne ikke leses slik det ble sendt.',
    invalid_input: 'Noe i skjemaet er ikke riktig fylt ut.',
    unauthorized: 'Dette er ikke tillatt.',
    forbidden: 'Skjemaet kan ikke sendes fra denne siden.',
    not_found: 'Skjemaet finnes ikke.',
    method_not_allowed: 'Denne adressen tar imot et skjema: send det med POST.',
    conflict: 'Skjemaet er sendt før, med et annet innhold. Last siden på nytt og prøv igjen.',
    precondition_failed: 'Skjemaet er endret i mellomtiden. Last siden på nytt og prøv igjen.',
    form_closed: 'Dette skjemaet er stengt.',
    payload_too_large: 'Det som ble sendt, er for stort.',
    unsupported_media_type: 'Skjemaet ble sendt i et format som ikke kan leses.',
    too_expensive: 'Det som ble sendt, er for omfattende.',
    rate_limited: 'For mange forsøk herfra. Prøv igjen om et minutt.',
    internal: 'Noe gikk galt hos oss. Prøv igjen om litt.',
    bad_gateway: 'Noe gikk galt hos oss. Prøv igjen om litt.',
    loop_detected: 'Noe gikk galt hos oss. Prøv igjen om litt.',
    unavailable: 'Noe gikk galt hos oss. Prøv igjen om litt.',
  },
};

const norwegianEmailProblems: Record<EmailProblem, string> = {
  empty: 'E-postadressen mangler.',
  tooLong: 'E-postadressen er lengre enn en adresse kan være.',
  badCharacter: 'E-postadressen har et tegn som en adresse ikke kan ha.',
  noAt: 'E-postadressen mangler @.',
  badLocalPart: 'E-postadressen er ikke riktig: se på det som står før @.',
  badDomain: 'E-postadressen er ikke riktig: se på det som står etter @.',
};
const norwegianMessages = new Map(
  Object.entries(norwegianEmailProblems).map(([problem, text]) => [emailMessage(problem as EmailProblem), text]),
);

/** A message about one field in the sender's language; null where there is none in that language. */
export function fieldMessage(message: string, language: Language): string | null {
  return language === 'en' ? message : (norwegianMessages.get(message) ?? null);
}
