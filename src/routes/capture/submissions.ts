import * as z from 'zod';
import { answerList } from '../../http/answer-list.ts';
import { filesSchema } from '../../http/file-schema.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { companyReferenceShape, idShape, namedShape, personReferenceShape, timeShape } from '../../http/shapes.ts';
import { rawTouchSchema } from '../../http/touch-schema.ts';
import { readFile } from '../../services/capture/files/read-file.ts';
import {
  findSubmission,
  listSubmissions,
  submissionList,
  submittedVia,
} from '../../services/capture/read-submissions.ts';

const submissionSchema = z.object({
  id: idShape,
  form: namedShape.nullable().describe('Null: another system reported it'),
  createdVia: z.enum(submittedVia),
  person: personReferenceShape.nullable(),
  company: companyReferenceShape.nullable(),
  at: timeShape,
  createdPerson: z.boolean(),
  createdCompany: z.boolean(),
  kind: z.enum(['leadCreation', 'conversion']).nullable(),
  touch: rawTouchSchema,
  conversion: rawTouchSchema.nullable().describe('The touch; null: it created the person'),
  fields: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  page: z.string().nullable(),
  selfReported: z.string().nullable(),
  idempotencyConflict: z.boolean(),
  files: filesSchema,
});

/** Submissions: the forms that were accepted, each with the origin in force. */
export function addSubmissionRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/submissions',
      summary: 'Lists submissions',
      scope: 'read',
      list: submissionList,
      response: pageOf(submissionSchema),
    },
    async ({ c, deps, actor, query }) => answerList(c, listSubmissions({ ...deps, viewer: actor }, query)),
  );

  api.define(
    {
      method: 'get',
      path: '/submissions/:id',
      summary: 'Shows a submission',
      scope: 'read',
      response: submissionSchema.extend({ journey: z.array(rawTouchSchema) }),
    },
    async ({ deps, params }) => findSubmission(deps, { id: params['id']! }),
  );

  api.define(
    {
      method: 'get',
      path: '/submissions/:id/files/:fileId',
      summary: 'Gives a file as an attachment',
      scope: 'read',
      produces: 'application/octet-stream',
    },
    async ({ deps, params }) => {
      const file = await readFile(deps, { submissionId: params['id']!, id: params['fileId']! });
      return new Response(file.body, {
        headers: {
          'content-type': file.type,
          'content-disposition': attachmentOf(file.name),
          // Whatever the bytes are, a browser that opens them runs nothing.
          'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-store',
        },
      });
    },
  );
}

/** `Content-Disposition` of a download: the name in ASCII for old programs, and whole. Source: RFC 6266, RFC 8187. */
function attachmentOf(name: string): string {
  const ascii = name.replaceAll(/[^ -~]|["\\%]/g, '_');
  const whole = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${whole}`;
}
