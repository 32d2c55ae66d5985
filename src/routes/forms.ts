import type { Context } from 'hono';
import * as z from 'zod';
import { demoFormKey } from '../domain/demo-form.ts';
import { invalidInput } from '../domain/errors.ts';
import { formLanguages, formModes } from '../domain/forms/form-settings.ts';
import { leadTargets } from '../domain/identity/field-names.ts';
import { answerList } from '../http/answer-list.ts';
import type { Deps } from '../http/deps.ts';
import type { Api } from '../http/operation.ts';
import { ownUrl } from '../http/own-address.ts';
import { pageOf } from '../http/paging.ts';
import { newSecrets, target } from '../http/target-schema.ts';
import {
  distinct,
  idShape,
  idText,
  line,
  namedShape,
  nameText,
  originText,
  slugText,
  timeShape,
  webAddress,
} from '../http/shapes.ts';
import { dayOrMoment } from '../http/record-inputs.ts';
import { completeItems } from '../services/lists/prepare-list.ts';
import { createForm, deleteForm, formList, listForms, readForm, updateForm } from '../services/manage-forms.ts';
import type { FormAnswer } from '../services/manage-forms.ts';
import { listFormStatistics, readFormStatistics } from '../services/forms/read-form-statistics.ts';

const leadTarget = z.enum(leadTargets);

const consent = z.strictObject({
  field: line(200),
  purpose: nameText,
  text: z.string().trim().max(5_000).nullable().default(null),
  doubleOptIn: z
    .boolean()
    .default(false)
    .describe('The consent counts only after the sender has confirmed it by a link in a mail'),
});

const longText = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(5_000, 'must be at most 5000 characters')
  .refine((text) => !/[^\P{Cc}\t\r\n]/u.test(text), 'must not hold control characters other than line breaks');

const placeholders =
  'Placeholders: {{firstName}}, {{lastName}}, {{companyName}}, {{formName}}, and {{name}} for the answer of the field with this name';

const autoReply = z.strictObject({
  subject: line(200).describe(placeholders),
  text: longText.describe(`${placeholders}. Plain text; an empty line starts a paragraph`),
});

const maxNotified = 20;

const newForm = z.strictObject({
  name: nameText,
  siteId: idShape.max(60).optional(),
  enabled: z.boolean().optional(),
  closesAt: dayOrMoment
    .nullable()
    .optional()
    .describe('Closed from this moment on; a day of the site’s time zone means its last moment'),
  closesAfter: z.number().int().min(1).max(1_000_000_000).nullable().optional(),
  utmTracking: z.boolean().optional(),
  allowedOrigins: distinct(originText, 100).optional(),
  // An empty name says that the form does not ask.
  fieldMapping: z.partialRecord(leadTarget, z.string().trim().max(200)).optional(),
  redirectUrl: webAddress.nullable().optional(),
  honeypotField: line(100).optional(),
  minimumSeconds: z.number().int().min(0).max(3_600).optional(),
  turnstile: z.boolean().optional().describe('Needs TURNSTILE_SECRET to be set on the server'),
  consents: z.array(consent).max(50).optional(),
  defaultCategoryId: idText.nullable().optional(),
  selectionId: idText.nullable().optional(),
  notify: z.array(target).max(maxNotified).optional().describe('Where each submission is reported'),
  language: z
    .enum(formLanguages)
    .nullable()
    .optional()
    .describe("Language of all texts that a sender sees; null is the language of the sender's browser"),
  thankYou: longText.nullable().optional().describe('Shown to a browser after sending, where there is no redirect'),
  closedText: longText.nullable().optional().describe('Shown to a browser where the form is closed'),
  autoReply: autoReply.nullable().optional().describe('A mail to the address that the form was sent with'),
  storeFiles: z
    .boolean()
    .optional()
    .describe('Whether files are stored, where the installation has a store; else they are noted by name and size'),
  mode: z
    .enum(formModes)
    .optional()
    .describe('manualIfUnknown: submissions of people who are not known wait for approval (GET /approvals)'),
  slug: slugText.optional(),
});
const formChanges = newForm.omit({ slug: true }).partial();

const formShape = z.object({
  id: idShape,
  name: z.string(),
  action: z.url(),
  site: namedShape,
  enabled: z.boolean(),
  closesAt: timeShape.nullable(),
  closesAfter: z.number().int().nullable(),
  utmTracking: z.boolean(),
  allowedOrigins: z.array(z.string()),
  fieldMapping: z.partialRecord(leadTarget, z.string()),
  redirectUrl: z.string().nullable(),
  honeypotField: z.string(),
  minimumSeconds: z.number().int(),
  turnstile: z.boolean(),
  consents: z.array(
    z.object({ field: z.string(), purpose: z.string(), text: z.string().nullable(), doubleOptIn: z.boolean() }),
  ),
  defaultCategory: namedShape.nullable(),
  selection: namedShape.nullable(),
  notify: z.array(target),
  language: z.enum(formLanguages).nullable(),
  thankYou: z.string().nullable(),
  closedText: z.string().nullable(),
  autoReply: z.object({ subject: z.string(), text: z.string() }).nullable(),
  storeFiles: z.boolean(),
  mode: z.enum(formModes),
  createdAt: timeShape,
});

const writtenForm = formShape.extend({
  secrets: newSecrets.optional().describe('The secrets of new webhooks, in this answer only'),
});

const statisticsShape = z.object({
  total: z.number().int(),
  last7Days: z.number().int(),
  usualWeek: z.number().nullable().describe('Median of the last twelve whole weeks; null of a form that has none'),
  newLeads: z.number().int(),
  newLeadsLast7Days: z.number().int(),
  lastSubmissionAt: timeShape.nullable(),
  silentSince: timeShape
    .nullable()
    .describe('Time of the last submission, where so long a pause has a chance below 1 in 1,000 by its own habit'),
  quarantined: z.number().int(),
  waitingForApproval: z.number().int(),
});

/** The form with the address that its `action` attribute is to hold. */
function withAction<Form extends FormAnswer>({ c, deps: { config } }: { c: Context; deps: Deps }, form: Form) {
  return { ...form, action: ownUrl({ c, config }, `/f/${form.id}`) };
}

/** Forms: what `/f/:form` takes, and what comes of it. */
export function addFormRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/forms',
      summary: 'Lists the forms, the newest first',
      scope: 'read',
      list: formList,
      response: pageOf(formShape),
    },
    async ({ c, deps, actor, query }) =>
      answerList(
        c,
        completeItems(listForms(deps, { query, viewer: actor }), (forms) =>
          forms.map((form) => withAction({ c, deps }, form)),
        ),
      ),
  );

  api.define(
    {
      method: 'post',
      path: '/forms',
      summary: 'Adds a form; a name is enough',
      scope: 'write',
      audit: true,
      body: newForm,
      response: writtenForm,
      status: 201,
    },
    async ({ c, deps, actor, body }) => {
      if (body.slug === demoFormKey && !deps.config.demo) {
        const message = `"${demoFormKey}" is the form of /demo, which is switched off: choose another slug`;
        throw invalidInput([{ location: 'body.slug', message }]);
      }
      return withAction({ c, deps }, await createForm(deps, { ...body, viewer: actor }));
    },
  );

  api.define(
    { method: 'get', path: '/forms/:id', summary: 'Shows a form', scope: 'read', response: formShape },
    async ({ c, deps, actor, params }) =>
      withAction({ c, deps }, await readForm(deps, { key: params['id']!, viewer: actor })),
  );

  api.define(
    {
      method: 'patch',
      path: '/forms/:id',
      summary: 'Changes a form',
      scope: 'write',
      audit: true,
      body: formChanges,
      response: writtenForm,
    },
    async ({ c, deps, actor, params, body }) =>
      withAction({ c, deps }, await updateForm(deps, { key: params['id']!, changes: body, viewer: actor })),
  );

  api.define(
    {
      method: 'delete',
      path: '/forms/:id',
      summary: 'Takes a form away; what was sent by it stays',
      scope: 'write',
    },
    async ({ deps, params }) => deleteForm(deps, params['id']!),
  );

  api.define(
    {
      method: 'get',
      path: '/form-statistics',
      summary: 'Counts what each form has brought, in one request, by name',
      scope: 'read',
      response: z.object({ items: z.array(statisticsShape.extend({ form: namedShape })) }),
    },
    async ({ deps }) => ({ items: await listFormStatistics(deps) }),
  );

  api.define(
    {
      method: 'get',
      path: '/forms/:id/statistics',
      summary: 'Counts what a form has brought: in all, in the last seven days, and the last one',
      scope: 'read',
      response: statisticsShape,
    },
    async ({ deps, params }) => readFormStatistics(deps, params['id']!),
  );
}
