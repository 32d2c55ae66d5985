import * as z from 'zod';
import type { StoredTarget } from '../../../db/schema/schedules.ts';
import type { SendResult } from '../../../domain/deliveries/send-result.ts';
import type { Notification } from '../read-notification.ts';
import { chat } from './chat.ts';
import type { FinishedRun, ShapeParts, TargetContext, Viewer } from './define-target.ts';
import { email } from './email.ts';
import { webhook } from './webhook.ts';

/** Every kind of target that a scheduled report or a form's notification can go to: one file each, and one entry here. */
export const targets = { email, webhook, chat } as const;

export type TargetKind = keyof typeof targets;
type Declared = { [Kind in TargetKind]: (typeof targets)[Kind] };

/** A target as the API takes and shows it. */
export type GivenTarget = { [Kind in TargetKind]: z.output<ReturnType<Declared[Kind]['shape']>> }[TargetKind];
/** A target as it is stored, with its secrets. */
export type DeliveryTarget = { [Kind in TargetKind]: Parameters<Declared[Kind]['show']>[0] }[TargetKind];

/** What every kind has, for a target of whatever kind: each declaration is only ever given targets of its own kind. */
type AnyTarget = {
  addressOf: (target: GivenTarget) => string | null;
  recipientsOf: (target: DeliveryTarget) => string[];
  show: (target: DeliveryTarget, viewer: Viewer) => GivenTarget;
  store: (given: GivenTarget, known: readonly DeliveryTarget[]) => DeliveryTarget;
  secretOf: (target: DeliveryTarget) => string | null;
  sendReport: (
    context: TargetContext,
    input: { target: DeliveryTarget; id: number; run: FinishedRun },
  ) => Promise<SendResult>;
  sendNotification: (
    context: TargetContext,
    input: { target: DeliveryTarget; id: number; notification: Notification },
  ) => Promise<SendResult>;
};

/** How targets of the kind of this one are shown, stored and sent to. */
export const declarationOf = ({ kind }: { kind: TargetKind }): AnyTarget => targets[kind] as unknown as AnyTarget;

/** The shape of a target of any kind. */
export function targetShape(parts: ShapeParts): z.ZodType<GivenTarget, GivenTarget> {
  const [first, ...rest] = Object.values(targets).map(({ shape }) => shape(parts));
  return z.discriminatedUnion('kind', [first!, ...rest]) as z.ZodType<GivenTarget, GivenTarget>;
}

/** Mails to the sender of a submission, which the database itself asks for (db/program/outbox.ts). They name no address. */
export type SenderMail = { kind: 'autoReply' } | { kind: 'confirmConsent'; requestId: number };

const senderMails = ['autoReply', 'confirmConsent'] as const satisfies ReadonlyArray<SenderMail['kind']>;

export const isSenderMail = (stored: StoredTarget): stored is SenderMail =>
  (senderMails as readonly string[]).includes(stored.kind);

/** A mail with a one-time link for a user of the web app. It names no address either: the link's row does. */
export type LinkMail = { kind: 'signInLink'; linkId: number };

export const isLinkMail = (stored: StoredTarget): stored is LinkMail => stored.kind === 'signInLink';

/** @throws Error for a kind that is not declared, as a later version may have stored it. */
export function readTarget(stored: StoredTarget): DeliveryTarget {
  if (Object.hasOwn(targets, stored.kind)) return stored as DeliveryTarget;
  throw new Error(`Unknown kind of target '${stored.kind}'. There are ${Object.keys(targets).join(', ')}.`);
}

/** What the database names a receiver by: the generated column `delivery.address`. */
export const receiverOf = (target: GivenTarget): string => declarationOf(target).addressOf(target) ?? 'mail';

export const showTarget = (target: DeliveryTarget, viewer: Viewer): GivenTarget =>
  declarationOf(target).show(target, viewer);

/** Where a delivery goes, as the API shows it: a mail that names no address is shown by its kind alone. */
export type ShownTarget = GivenTarget | Pick<SenderMail | LinkMail, 'kind'>;

export const showDeliveryTarget = (stored: StoredTarget, viewer: Viewer): ShownTarget =>
  isSenderMail(stored) || isLinkMail(stored) ? { kind: stored.kind } : showTarget(readTarget(stored), viewer);

/** The shape of a delivery's target. */
export function shownTargetShape(parts: ShapeParts): z.ZodType<ShownTarget> {
  return z.union([targetShape(parts), z.object({ kind: z.enum([...senderMails, 'signInLink']) })]);
}

/** What is stored of the targets that were sent, beside those that were stored `known` before. */
export const storeTargets = (given: readonly GivenTarget[], known: readonly DeliveryTarget[]): DeliveryTarget[] =>
  given.map((target) =>
    declarationOf(target).store(
      target,
      known.filter(({ kind }) => kind === target.kind),
    ),
  );

/** The addresses of people that a stored target names. A mail to the sender names none. */
export function recipientsOf(stored: StoredTarget): string[] {
  if (isSenderMail(stored) || isLinkMail(stored)) return [];
  const target = readTarget(stored);
  return declarationOf(target).recipientsOf(target);
}
