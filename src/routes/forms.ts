import type { Context } from 'hono';
import * as z from 'zod';
import { demoFormKey } from '../domain/demo-form.ts';
import { invalidInput } from '../domain/errors.ts';
import { leadTargets } from '../domain/identity/field-names.ts';
import type { Deps } from '../http/deps.ts';
import type { Api } from '../http/operation.ts';
import { ownUrl } from '../http/own-address.ts';
import { pageOf, pageQuery } from '../http/paging.ts';
import {
  distinct,
  emailText,
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
import { createForm, deleteForm, listForms, readForm, updateForm } from '../services/manage-forms.ts';
import type { FormAnswer } from '../services/manage-forms.ts';
import { readFormStatistics } from '../services/read-form-statistics.ts';

const target = z.enum(leadTargets);

const consent = z.strictObject({
  field: line(200),
  purpose: nameText,
  text: z.string().trim().max(5_000).nullable().default(null),
});

const newForm = z.strictObject({
  name: nameText,
  site: idShape.max(60).optional(),
  enabled: z.boolean().optional(),
  closesAt: dayOrMoment
    .nullable()
    .optional()
    .describe('Closed from this moment on; a day of the site’s time zone means its last moment'),
  closesAfter: z.number().int().min(1).max(1_000_000_000).nullable().optional(),
  utmTracking: z.boolean().optional(),
  allowedOrigins: distinct(originText, 100).optional(),
  // An empty name says that the form does not ask.
  fieldMapping: z.partialRecord(target, z.string().trim().max(200)).optional(),
  redirectUrl: webAddress.nullable().optional(),
  honeypotField: line(100).optional(),
  minimumSeconds: z.number().int().min(0).max(3_600).optional(),
  turnstile: z.boolean().optional().describe('Needs TURNSTILE_SECRET to be set on the server'),
  consents: z.array(consent).max(50).optional(),
  defaultCategory: idText.nullable().optional(),
  selection: idText.nullable().optional(),
  notify: distinct(emailText, 20).optional(),
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
  fieldMapping: z.partialRecord(target, z.string()),
  redirectUrl: z.string().nullable(),
  honeypotField: z.string(),
  minimumSeconds: z.number().int(),
  turnstile: z.boolean(),
  consents: z.array(z.object({ field: z.string(), purpose: z.string(), text: z.string().nullable() })),
  defaultCategory: namedShape.nullable(),
  selection: namedShape.nullable(),
  notify: z.array(z.string()),
  createdAt: timeShape,
});

const statisticsShape = z.object({
  total: z.number().int(),
  last7Days: z.number().int(),
  newLeads: z.number().int(),
  newLeadsLast7Days: z.number().int(),
  lastSubmissionAt: timeShape.nullable(),
});

/** The form with the address that its `action` attribute is to hold. */
function withAction({ c, deps: { config } }: { c: Context; deps: Deps }, form: FormAnswer) {
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
      query: pageQuery,
      response: pageOf(formShape),
    },
    async ({ c, deps, query }) => {
      const page = await listForms(deps, query);
      return { ...page, items: page.items.map((form) => withAction({ c, deps }, form)) };
    },
  );

  api.define(
    {
      method: 'post',
      path: '/forms',
      summary: 'Adds a form; a name is enough',
      scope: 'write',
      audit: true,
      body: newForm,
      response: formShape,
      status: 201,
    },
    async ({ c, deps, body }) => {
      if (body.slug === demoFormKey && !deps.config.demo) {
        const message = `"${demoFormKey}" is the form of /demo, which is switched off: choose another slug`;
        throw invalidInput([{ location: 'body.slug', message }]);
      }
      return withAction({ c, deps }, await createForm(deps, body));
    },
  );

  api.define(
    { method: 'get', path: '/forms/:id', summary: 'Shows a form', scope: 'read', response: formShape },
    async ({ c, deps, params }) => withAction({ c, deps }, await readForm(deps, params['id']!)),
  );

  api.define(
    {
      method: 'patch',
      path: '/forms/:id',
      summary: 'Changes a form',
      scope: 'write',
      audit: true,
      body: formChanges,
      response: formShape,
    },
    async ({ c, deps, params, body }) =>
      withAction({ c, deps }, await updateForm(deps, { key: params['id']!, changes: body })),
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
      path: '/forms/:id/statistics',
      summary: 'Counts what a form has brought: in all, in the last seven days, and the last one',
      scope: 'read',
      response: statisticsShape,
    },
    async ({ deps, params }) => readFormStatistics(deps, params['id']!),
  );
}
