import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import type { Role } from '../../api/who.ts';
import { m } from '../../paraglide/messages.js';
import { getLocale } from '../../paraglide/runtime.js';
import { Field, Form, textOf } from '../../ui/form.tsx';
import { Option, OptionGroup } from '../../ui/option-group.tsx';
import { roleFact, roleName, roles } from '../../ui/role.ts';
import type { MadeLink } from './link-dialog.tsx';
import { invitationsQuery } from './queries.ts';

/** Invites somebody: the address and what they may do. */
export function InviteDialog({ onClose, onMade }: { onClose: () => void; onMade: (link: MadeLink) => void }) {
  const [role, setRole] = useState<Role>('marketer');
  const made = useInvite(onMade);
  return (
    <Modal opened onClose={onClose} title={m.invite_title()} closeButtonProps={{ 'aria-label': m.close() }}>
      <Form
        button={m.invite_button()}
        isSending={made.isPending}
        error={made.error}
        onSend={(data) => made.mutate({ email: textOf(data, 'email').trim(), role })}
      >
        <Field label={m.sign_in_email()} name="email" type="email" autoComplete="off" required data-autofocus />
        <h3 id="invite-role">{m.invite_role()}</h3>
        <OptionGroup labelledBy="invite-role">
          {roles.map((one) => (
            <Option key={one} isChosen={one === role} onChoose={() => setRole(one)}>
              <b>{roleName(one)}</b> <span>{roleFact(one)}</span>
            </Option>
          ))}
        </OptionGroup>
      </Form>
    </Modal>
  );
}

/** Invites an address, also anew: the link of before is of no use then. */
export function useInvite(onMade: (link: MadeLink) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: { email: string; role: Role }) =>
      (await kilde().POST('/api/v1/invitations', { body: { ...body, language: getLocale() === 'nb' ? 'no' : 'en' } }))
        .data!,
    onSuccess: async ({ email, mailed, url, expiresAt }) => {
      const about = mailed ? m.invite_mailed({ email }) : m.invite_hand_over({ email });
      onMade({ title: m.invite_made({ email }), about, url, expiresAt });
      await client.invalidateQueries({ queryKey: invitationsQuery.queryKey });
    },
  });
}
