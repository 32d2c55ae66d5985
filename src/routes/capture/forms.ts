import type { Context } from 'hono';
import * as z from 'zod';
import { demoFormKey } from '../../domain/capture/demo-form.ts';
import { invalidInput } from '../../domain/errors.ts';
import { formLanguages, formModes } from '../../domain/capture/form-settings.ts';
import { leadTargets } from '../../domain/people/field-names.ts';
import { answerList } from '../../http/answer-list.ts';
import type { Deps } from '../../http/deps.ts';
import type { Api } from '../../http/operation.ts';
import { ownUrl } from '../../http/own-address.ts';
import { pageOf } from '../../http/paging.ts';
import { newSecrets, target } from '../../http/target-schema.ts';
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
} from '../../http/shapes.ts';
import { dayOrMoment } from '../../http/record-inputs.ts';
import { completeItems } from '../../services/lists/prepare-list.ts';
import {
  createForm,
  deleteForm,
  formList,
  listForms,
  readForm,
  updateForm,
} from '../../services/capture/forms/manage-forms.ts';
import type { FormAnswer } from '../../services/capture/forms/manage-forms.ts';
import { listFormStatistics, readFormStatistics } from '../../services/capture/forms/read-form-statistics.ts';

const leadTarget = z.enum(leadTargets);

const consent = z.strictObject({
  field: line(200),
  purpose: nameText,
  text: z.string().trim().max(5_000).nullable().default(null),
  doubleOptIn: z.boolean().default(false).describe('Whether a mail confirms the consent'),
});

const longText = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(5_000, 'must be at most 5000 characters')
  .refine((text) => !/[^\P{Cc}\t\r\n]/u.test(text), 'must not hold control characters other than line breaks');

const placeholders = 'Takes {{firstName}}, {{lastName}}, {{companyName}}, {{formName}}, and {{name}} of any field';

const autoReply = z.strictObject({
  subject: line(200).describe(placeholders),
  text: longText.describe('Plain text, placeholders as in the subject'),
});

const maxNotified = 20;

const newForm = z.strictObject({
  name: nameText,
  siteId: idShape.max(60).optional(),
  enabled: z.boolean().optional(),
  closesAt: dayOrMoment.nullable().optional().describe('Closed from here on; a day: its end'),
  closesAfter: z.number().int().min(1).max(1_000_000_000).nullable().optional(),
  utmTracking: z.boolean().optional(),
  allowedOrigins: distinct(originText, 100).optional(),
  // An empty name says that the form does not ask.
  fieldMapping: z.partialRecord(leadTarget, z.string().trim().max(200)).optional(),
  redirectUrl: webAddress.nullable().optional(),
  honeypotField: line(100).optional(),
  minimumSeconds: z.number().int().min(0).max(3_600).optional(),
  turnstile: z.boolean().optional().describe('Whether Turnstile protects it'),
  consents: z.array(consent).max(50).optional(),
  defaultCategoryId: idText.nullable().optional(),
  selectionId: idText.nullable().optional(),
  notify: z.array(target).max(maxNotified).optional().describe('Where each submission is reported'),
  language: z.enum(formLanguages).nullable().optional().describe("Language; null: the browser's"),
  thankYou: longText.nullable().optional().describe('Shown after sending'),
  closedText: longText.nullable().optional().describe('Shown where the form is closed'),
  autoReply: autoReply.nullable().optional().describe('Mail to the sender'),
  storeFiles: z.boolean().optional().describe('Whether files are stored; else only noted'),
  mode: z.enum(formModes).optional().describe('manualIfUnknown: unknown senders wait'),
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
  secrets: newSecrets.optional().describe('Secrets, shown once'),
});

const statisticsShape = z.object({
  total: z.number().int(),
  last7Days: z.number().int(),
  usualWeek: z.number().nullable().describe('Median of twelve weeks'),
  newLeads: z.number().int(),
  newLeadsLast7Days: z.number().int(),
  lastSubmissionAt: timeShape.nullable(),
  silentSince: timeShape.nullable().describe('Last submission, where the pause is unlikely'),
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
      summary: 'Lists forms',
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
      summary: 'Adds a form',
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
      summary: 'Deletes a form; submissions stay',
      scope: 'write',
    },
    async ({ deps, params }) => deleteForm(deps, params['id']!),
  );

  api.define(
    {
      method: 'get',
      path: '/form-statistics',
      summary: 'Counts what each form brought',
      scope: 'read',
      response: z.object({ items: z.array(statisticsShape.extend({ form: namedShape })) }),
    },
    async ({ deps }) => ({ items: await listFormStatistics(deps) }),
  );

  api.define(
    {
      method: 'get',
      path: '/forms/:id/statistics',
      summary: 'Counts what a form brought',
      scope: 'read',
      response: statisticsShape,
    },
    async ({ deps, params }) => readFormStatistics(deps, params['id']!),
  );
}
