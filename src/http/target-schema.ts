import * as z from 'zod';
import { shownTargetShape, targetShape } from '../services/deliveries/targets/targets.ts';
import { emailText, webAddress } from './shapes.ts';

const address = webAddress.describe('Address; its path is masked without admin');

/** Where a report or a form's notification is sent. */
export const target = targetShape({ email: emailText, address });
/** Where a delivery goes: one of these, or a mail to the sender of a submission. */
export const shownTarget = shownTargetShape({ email: emailText, address });

/** The secrets of new webhooks, in the answer that stores them and in no other. */
export const newSecrets = z.array(z.object({ url: z.string(), secret: z.string() }));
