import type * as z from 'zod';
import type { Config } from '../../../config.ts';
import type { Database } from '../../../db/client.ts';
import { maskAddress } from '../../../domain/deliveries/mask-address.ts';
import type { SendResult } from '../../../domain/deliveries/send-result.ts';
import type { ReportAnswer } from '../../../domain/reports/assemble-report.ts';
import type { Label } from '../../../domain/segments/fields.ts';
import type { Notification } from '../read-notification.ts';
import type { SendMail } from '../send-mail.ts';
import type { SendContext } from '../send-signed.ts';

/** Shapes of single values, which the routes hand in: a target's own shape is made of them. */
export type ShapeParts = { email: z.ZodType<string, string>; address: z.ZodType<string, string> };

/** Who reads: only `admin` sees addresses whole. */
export type Viewer = { isAdmin: boolean };

export type TargetContext = Omit<SendContext, 'config'> & {
  config: SendContext['config'] & Pick<Config, 'journeySecrets'>;
  db: Database;
  sendMail: SendMail | null;
};

/** A run that has ended, with the report that it found. */
export type FinishedRun = {
  runId: string;
  schedule: { id: string; name: string };
  name: string;
  language: keyof Label;
  dueAt: string;
  report: ReportAnswer;
};

type Sending<Stored> = { target: Stored; /** The delivery's number. */ id: number };

/** A kind of target: what the API takes, what is stored and shown, and how reports and notifications are sent to it. */
export type TargetDeclaration<Shape extends z.ZodType, Stored extends z.output<Shape>, Message> = {
  /** What the API takes and shows. */
  shape: (parts: ShapeParts) => Shape;
  /** The address that it is sent to, which is the name of its receiver (db/schema/receivers.ts); null: by the mail service. */
  addressOf: (target: z.output<Shape>) => string | null;
  /** The addresses of people that it names: they stand in a person's export. */
  recipientsOf: (target: Stored) => string[];
  /** What the API shows: no secret, and addresses masked for all but `admin` (`shownAddress`). */
  show: (target: Stored, viewer: Viewer) => z.output<Shape>;
  /** What is stored. `known` are the targets of this kind that the schedule had: secrets stay where the address does. */
  store: (given: z.output<Shape>, known: readonly Stored[]) => Stored;
  /** The secret that is shown once, when it is new. */
  secretOf: (target: Stored) => string | null;
  prepareReport: (run: FinishedRun) => Message;
  prepareNotification: (notification: Notification) => Message;
  send: (context: TargetContext, input: Sending<Stored> & { message: Message }) => Promise<SendResult>;
};

/** A kind of target, with its own form of a message kept inside. */
export function defineTarget<Shape extends z.ZodType, Stored extends z.output<Shape>, Message>({
  prepareReport,
  prepareNotification,
  send,
  ...declaration
}: TargetDeclaration<Shape, Stored, Message>) {
  return {
    ...declaration,
    sendReport: async (context: TargetContext, { run, ...to }: Sending<Stored> & { run: FinishedRun }) =>
      send(context, { ...to, message: prepareReport(run) }),
    sendNotification: async (
      context: TargetContext,
      { notification, ...to }: Sending<Stored> & { notification: Notification },
    ) => send(context, { ...to, message: prepareNotification(notification) }),
  };
}

/** An address as somebody sees it: path and query may hold a secret. */
export const shownAddress = (url: string, { isAdmin }: Viewer): string => (isAdmin ? url : maskAddress(url));
