import { expect } from 'vitest';
import { at, dayMs, earlier, test } from '../../support/program-database.ts';
import type { ProgramDatabase, Row } from '../../support/program-database.ts';

const listen = (db: ProgramDatabase, ...events: string[]): number =>
  db.insert('webhook', { events: JSON.stringify(events) });
const events = (db: ProgramDatabase): Row[] => db.all('SELECT type, person_id, subject_id, at FROM event ORDER BY id');
const types = (db: ProgramDatabase): string[] => events(db).map(({ type }) => type);
/** One webhook for something else, and one that is turned off. */
const listenElsewhere = (db: ProgramDatabase, event: string): void => {
  listen(db, 'nothing');
  db.insert('webhook', { events: JSON.stringify([event]), enabled: 0 });
};

test('gives each webhook that listens a delivery of its own', (db) => {
  const first = listen(db, 'deal.won', 'person.created');
  const second = listen(db, 'person.created');
  listen(db, 'deal.won');
  db.insert('webhook', { events: '["person.created"]', enabled: 0 });
  const personId = db.insert('person');
  const eventId = db.row('event')['id'];
  const delivery = {
    id: expect.any(Number),
    event_id: eventId,
    person_id: personId,
    status: 'pending',
    attempts: 0,
    due_at: db.row('event')['at'],
    next_at: 0,
    last_error: null,
    finished_at: null,
  };
  expect(db.rows('event_delivery')).toEqual([
    { ...delivery, webhook_id: first },
    { ...delivery, webhook_id: second },
  ]);
});

test('stores that a person is new', (db) => {
  listen(db, 'other', 'person.created');
  db.insert('person', { email: 'first@firma.no' });
  const id = db.insert('person', { created_at: at });
  expect(events(db).at(-1)).toEqual({ type: 'person.created', person_id: id, subject_id: String(id), at });
});

test('stores nothing of a new person where no webhook listens', (db) => {
  listenElsewhere(db, 'person.created');
  db.insert('person');
  expect(events(db)).toEqual([]);
});

test('stores nothing of a person who comes back when a merge is undone', (db) => {
  listen(db, 'person.created');
  db.insert('person_merge', { person_id: 1, removed_person_id: 7 });
  db.insert('person', { id: 7 });
  expect(events(db)).toEqual([]);
  db.insert('person', { id: 8, email: 'other@firma.no' });
  expect(types(db)).toEqual(['person.created']);
});

test('stores nothing of a company that comes back when a merge is undone', (db) => {
  listen(db, 'company.created');
  db.insert('company_merge', { company_id: 1, removed_company_id: 7 });
  db.insert('company', { id: 7 });
  expect(events(db)).toEqual([]);
  db.insert('company', { id: 8 });
  expect(types(db)).toEqual(['company.created']);
});

test('stores nothing of a person whose id is not above 0', (db) => {
  listen(db, 'person.created');
  db.insert('person', { id: 0 });
  db.insert('person', { id: -1, email: 'other@firma.no' });
  expect(events(db)).toEqual([]);
});

const changesOfPerson: Array<[column: string, value: string | number]> = [
  ['email', 'ny@firma.no'],
  ['first_name', 'Kari'],
  ['last_name', 'Nordmann'],
  ['title', 'Daglig leder'],
  ['country', 'NO'],
  ['company_id', 1],
  ['owner_id', 1],
  ['phone', '+4791234567'],
];
for (const [column, value] of changesOfPerson) {
  test(`stores that a person was changed: ${column}`, (db) => {
    listen(db, 'other', 'person.updated');
    if (column === 'company_id') db.insert('company', { id: 1 });
    if (column === 'owner_id') db.insert('owner', { id: 1 });
    db.insert('person', { email: 'other@firma.no' });
    const id = db.insert('person');
    db.update('person', id, { [column]: value, updated_at: at });
    const event = { type: 'person.updated', person_id: id, subject_id: String(id), at };
    expect(events(db)).toEqual([event]);
    // Written once more, it is no change.
    db.update('person', id, { [column]: value, updated_at: at + 1 });
    expect(events(db)).toEqual([event]);
  });
}

test('stores no change of a person where a telephone number is only written in another way', (db) => {
  listen(db, 'person.updated');
  const id = db.insert('person', { phone: '91 23 45 67' });
  db.update('person', id, { phone: '+4791234567' });
  expect(events(db)).toEqual([]);
  db.update('person', id, { first_name: 'Kari' });
  expect(types(db)).toEqual(['person.updated']);
});

test('stores no change of a person who is erased or has no id above 0', (db) => {
  listen(db, 'person.updated');
  for (const id of [0, -1]) {
    db.insert('person', { id, email: `${id}@firma.no` });
    db.update('person', id, { first_name: 'Kari', updated_at: at });
  }
  expect(events(db)).toEqual([]);
});

test('stores that people are merged, under the number of the merge', (db) => {
  listen(db, 'other', 'person.merged');
  const person_id = db.insert('person');
  db.insert('person_merge', { person_id, removed_person_id: 7, at: earlier });
  const id = db.insert('person_merge', { person_id, removed_person_id: 8, at });
  expect(events(db).at(-1)).toEqual({ type: 'person.merged', person_id, subject_id: String(id), at });
});

test('stores that a person is erased, at the time of the erasure, and not that one is gone by a merge', (db) => {
  listen(db, 'other', 'person.erased');
  const erase = (id: number, erasedAt: number): void => {
    db.insert('person', { id: -id, email: null, updated_at: erasedAt });
    db.run('DELETE FROM person WHERE id = ?', id);
  };
  const merged = db.insert('person', { email: 'merged@firma.no' });
  db.run('DELETE FROM person WHERE id = ?', merged);
  expect(events(db)).toEqual([]);
  const id = db.insert('person');
  erase(id, at);
  expect(events(db)).toEqual([{ type: 'person.erased', person_id: id, subject_id: String(id), at }]);
  // What is left of the person goes without a word, also where somebody has the opposite number.
  db.insert('person', { id, email: 'other@firma.no' });
  db.run('DELETE FROM person WHERE id = ?', -id);
  db.insert('person', { id: 0, email: 'zero@firma.no' });
  db.run('DELETE FROM person WHERE id = 0');
  expect(events(db)).toHaveLength(1);
});

for (const type of ['person.updated', 'person.merged', 'person.erased'] as const) {
  test(`stores no ${type} where no webhook listens`, (db) => {
    listenElsewhere(db, type);
    const id = db.insert('person');
    db.update('person', id, { first_name: 'Kari', updated_at: at });
    db.insert('person_merge', { person_id: id, removed_person_id: 7 });
    db.insert('person', { id: -id, email: null });
    db.run('DELETE FROM person WHERE id = ?', id);
    expect(events(db)).toEqual([]);
  });
}

test('stores for a stream the types of event that it has, and no others', (db) => {
  const everything = (): string[] => {
    db.run('DELETE FROM event');
    const id = db.insert('person', { email: 'stream@firma.no' });
    db.update('person', id, { first_name: 'Kari', updated_at: at });
    db.update('person', id, { lead_status_id: 2 });
    db.insert('company');
    db.insert('submission', { id: `sent-${id}`, person_id: null });
    const won = db.insert('deal', { status: 'won', closed_at: at });
    db.update('deal', won, { status: 'open', stage_id: 2 });
    db.update('deal', won, { status: 'lost', stage_id: 2, closed_at: at });
    db.insert('person_merge', { person_id: 7, removed_person_id: 900 });
    db.insert('person', { id: -id, email: null });
    for (const gone of [id, -id]) db.run('DELETE FROM person WHERE id = ?', gone);
    return types(db);
  };
  const all = [
    'person.created',
    'person.updated',
    'person.statusChanged',
    'company.created',
    'submission.received',
    'deal.registered',
    'deal.won',
    'deal.stageChanged',
    'deal.reopened',
    'deal.lost',
    'person.merged',
    'person.erased',
  ];
  expect(everything()).toEqual([]);
  for (const type of all) {
    db.run('DELETE FROM event_stream');
    db.run('INSERT INTO event_stream (type, until) VALUES (?, ?)', type, at);
    expect(everything()).toEqual([type]);
  }
});

test('stores a person’s new lead status', (db) => {
  listen(db, 'other', 'person.statusChanged');
  const id = db.insert('person', { lead_status_id: 1 });
  db.update('person', id, { lead_status_id: 2, updated_at: at });
  const event = { type: 'person.statusChanged', person_id: id, subject_id: String(id) };
  expect(events(db)).toEqual([{ ...event, at }]);
  db.update('person', id, { lead_status_id: null });
  expect(events(db)).toHaveLength(2);
  db.update('person', id, { lead_status_id: 1 });
  expect(events(db)).toHaveLength(3);
  db.update('person', id, { lead_status_id: 1 });
  expect(events(db)).toHaveLength(3);
});

test('stores nothing of a lead status where no webhook listens', (db) => {
  listenElsewhere(db, 'person.statusChanged');
  db.update('person', db.insert('person'), { lead_status_id: 2 });
  expect(events(db)).toEqual([]);
});

test('stores that a company is new', (db) => {
  listen(db, 'other', 'company.created');
  const id = db.insert('company', { created_at: at });
  expect(events(db)).toEqual([{ type: 'company.created', person_id: null, subject_id: String(id), at }]);
});

test('stores nothing of a new company where no webhook listens', (db) => {
  listenElsewhere(db, 'company.created');
  db.insert('company');
  expect(events(db)).toEqual([]);
});

test('stores that a submission has come, with its person', (db) => {
  listen(db, 'other', 'submission.received');
  const personId = db.insert('person');
  db.insert('submission', { person_id: personId, at });
  expect(events(db)).toEqual([{ type: 'submission.received', person_id: personId, subject_id: 'earlier', at }]);
});

test('stores that a submission of nobody has come, and nothing where its person changes', (db) => {
  listen(db, 'other', 'submission.received');
  db.insert('submission', { at });
  const received = [{ type: 'submission.received', person_id: null, subject_id: 'earlier', at }];
  expect(events(db)).toEqual(received);
  db.update('submission', 'earlier', { person_id: db.insert('person') });
  expect(events(db)).toEqual(received);
});

test('stores nothing of submissions where no webhook listens', (db) => {
  listenElsewhere(db, 'submission.received');
  const personId = db.insert('person');
  db.insert('submission', { person_id: personId });
  db.insert('submission', { id: 'other' });
  db.update('submission', 'other', { person_id: personId });
  expect(events(db)).toEqual([]);
});

test('stores that a deal is registered, and then that it is won or lost', (db) => {
  listen(db, 'other', 'deal.registered', 'deal.won', 'deal.lost');
  const personId = db.insert('person');
  const deal = { person_id: personId, registered_at: earlier, closed_at: at };
  const won = db.insert('deal', { ...deal, status: 'won' });
  const lost = db.insert('deal', { ...deal, status: 'lost' });
  const open = db.insert('deal', { registered_at: at });
  const event = (type: string, id: number, moment: number) => ({
    type,
    person_id: personId,
    subject_id: String(id),
    at: moment,
  });
  expect(events(db)).toEqual([
    event('deal.registered', won, earlier),
    event('deal.won', won, at),
    event('deal.registered', lost, earlier),
    event('deal.lost', lost, at),
    { ...event('deal.registered', open, at), person_id: null },
  ]);
});

test('stores of a new deal only what a webhook listens to', (db) => {
  listen(db, 'deal.won');
  db.insert('webhook', { events: '["deal.registered","deal.lost"]', enabled: 0 });
  db.insert('deal', { status: 'won', closed_at: at });
  db.insert('deal', { status: 'lost', closed_at: at });
  db.insert('deal');
  expect(types(db)).toEqual(['deal.won']);
});

test('stores nothing of a new open deal beside its registration', (db) => {
  listen(db, 'deal.open');
  db.insert('deal');
  expect(events(db)).toEqual([]);
});

test('stores each change of a deal’s status', (db) => {
  listen(db, 'other', 'deal.won', 'deal.lost', 'deal.reopened');
  const personId = db.insert('person');
  const id = db.insert('deal', { person_id: personId });
  db.update('deal', id, { status: 'won', closed_at: at + 1, updated_at: at + 9 });
  db.update('deal', id, { status: 'lost', closed_at: at + 2, updated_at: at + 9 });
  db.update('deal', id, { status: 'open', closed_at: null, updated_at: at + 9 });
  db.update('deal', id, { status: 'open' });
  const event = { person_id: personId, subject_id: String(id) };
  expect(events(db)).toEqual([
    { ...event, type: 'deal.won', at: at + 1 },
    { ...event, type: 'deal.lost', at: at + 2 },
    { ...event, type: 'deal.reopened', at: at + 9 },
  ]);
});

test('stores the old and the new stage of a deal that is moved, before its status', (db) => {
  listen(db, 'deal.stageChanged', 'deal.won');
  const id = db.insert('deal');
  db.update('deal', id, { stage_id: 3, updated_at: at + 1 });
  db.update('deal', id, { stage_id: 3, status: 'open' });
  db.update('deal', id, { stage_id: 5, status: 'won', closed_at: at + 2, updated_at: at + 2 });
  expect(db.all('SELECT type, at, detail FROM event ORDER BY id')).toEqual([
    { type: 'deal.stageChanged', at: at + 1, detail: moved('1', 'New', '3', 'Proposal') },
    { type: 'deal.stageChanged', at: at + 2, detail: moved('3', 'Proposal', '5', 'Won') },
    { type: 'deal.won', at: at + 2, detail: null },
  ]);
});

const moved = (fromId: string, from: string, toId: string, to: string) =>
  JSON.stringify({ from: { id: fromId, name: from }, to: { id: toId, name: to } });

test('stores with a move the person that the deal belongs to', (db) => {
  listen(db, 'deal.stageChanged');
  const person_id = db.insert('person');
  const id = db.insert('deal', { person_id });
  db.update('deal', id, { stage_id: 3 });
  expect(events(db)).toMatchObject([{ type: 'deal.stageChanged', person_id, subject_id: String(id) }]);
});

test('stores no move where no webhook listens to it', (db) => {
  listen(db, 'deal.won');
  db.update('deal', db.insert('deal'), { stage_id: 2 });
  expect(events(db)).toEqual([]);
});

test('stores of a deal’s changes only what a webhook listens to', (db) => {
  listen(db, 'deal.won', 'deal.open');
  db.insert('webhook', { events: '["deal.lost","deal.reopened"]', enabled: 0 });
  const id = db.insert('deal');
  for (const status of ['lost', 'open', 'won']) db.update('deal', id, { status });
  expect(types(db)).toEqual(['deal.won']);
});

/** A form that notifies, and a person who sent it. */
const chat = '{"kind":"chat","url":"https://chat.example.com"}';
/** An address of mail as it was stored before there were kinds of targets, and a target. */
const notify = `["a@firma.no",${chat}]`;
const withForm = (db: ProgramDatabase, values: Row): { formId: number; personId: number } => ({
  formId: db.insert('form', values),
  personId: db.insert('person'),
});
const notification = {
  id: expect.any(Number),
  run_id: null,
  submission_id: 'earlier',
  target: '{"kind":"email","to":["a@firma.no"]}',
  status: 'pending',
  attempts: 0,
  due_at: at + 5,
  next_at: 0,
  last_error: null,
  finished_at: null,
};
const notifications = [notification, { ...notification, target: chat }];

test('notifies the addresses of a form of a submission with its person', (db) => {
  const { formId, personId } = withForm(db, { notify });
  db.insert('submission', { form_id: formId, person_id: personId, at: at + 5 });
  expect(db.all('SELECT * FROM delivery')).toMatchObject(notifications);
});

test('notifies the addresses of a form of a submission of nobody, once', (db) => {
  const { formId, personId } = withForm(db, { notify });
  db.insert('submission', { form_id: formId, at: at + 5 });
  expect(db.rows('delivery')).toMatchObject(notifications);
  db.update('submission', 'earlier', { person_id: personId });
  expect(db.rows('delivery')).toHaveLength(2);
});

test('notifies nobody where the form has no addresses', (db) => {
  const { formId, personId } = withForm(db, {});
  db.insert('form', { key: 'third', notify });
  db.insert('submission', { form_id: formId, person_id: personId });
  db.insert('submission', { id: 'other', form_id: formId });
  db.update('submission', 'other', { person_id: personId });
  expect(db.rows('delivery')).toEqual([]);
});

test('notifies at once of a submission that waits for approval, and not again when it is approved', (db) => {
  const { formId, personId } = withForm(db, { notify });
  db.insert('quarantine', { id: 'spam', form_id: formId });
  expect(db.rows('delivery')).toEqual([]);
  db.insert('quarantine', { id: 'earlier', form_id: formId, kind: 'approval', at: at + 5 });
  expect(db.rows('delivery')).toMatchObject(notifications);
  db.insert('submission', { id: 'earlier', form_id: formId, person_id: personId });
  expect(db.rows('delivery')).toHaveLength(2);
  db.insert('delivery', { submission_id: 'other', target: chat, next_at: 0 });
  db.insert('submission', { id: 'other', form_id: formId });
  expect(db.rows('delivery')).toHaveLength(3);
});

const kindsTo = (db: ProgramDatabase, submissionId: string): string[] =>
  db.all('SELECT target FROM delivery WHERE submission_id = ? ORDER BY id', submissionId).map(({ target }) => target);
const reply = '{"kind":"autoReply"}';

test('mails the sender the automatic reply, and a request for each consent that waits', (db) => {
  const { formId, personId } = withForm(db, { auto_reply: '{}' });
  const requestId = db.insert('consent_request', { submission_id: 'earlier' });
  db.insert('consent_request', { submission_id: 'other' });
  db.insert('submission', { form_id: formId, person_id: personId, at: at + 5 });
  expect(db.all('SELECT due_at FROM delivery')).toEqual([{ due_at: at + 5 }, { due_at: at + 5 }]);
  db.insert('submission', { id: 'no reply', form_id: db.insert('form', { key: 'no reply' }), person_id: personId });
  expect(kindsTo(db, 'no reply')).toEqual([]);
  expect(kindsTo(db, 'earlier')).toEqual([`{"kind":"confirmConsent","requestId":${requestId}}`, reply]);
  const formIdOfOther = db.insert('form', { key: 'second' });
  db.insert('submission', { id: 'other', form_id: formIdOfOther, person_id: personId });
  expect(kindsTo(db, 'other')).toHaveLength(1);
  db.insert('submission', { id: 'third', form_id: formIdOfOther, person_id: personId });
  db.insert('submission', { id: 'nobody', form_id: formId });
  expect(db.rows('delivery')).toHaveLength(3);
});

test('mails the only request that waits', (db) => {
  const { formId, personId } = withForm(db, {});
  const requestId = db.insert('consent_request', { submission_id: 'earlier' });
  db.insert('submission', { form_id: formId, person_id: personId });
  expect(kindsTo(db, 'earlier')).toEqual([`{"kind":"confirmConsent","requestId":${requestId}}`]);
});

test('mails one sender three times a day at most', (db) => {
  const { formId, personId } = withForm(db, { auto_reply: '{}' });
  const send = (id: string, row: Row) => db.insert('submission', { id, form_id: formId, person_id: personId, ...row });
  for (const id of ['1', '2', '3', '4']) send(id, { at });
  expect(db.rows('delivery')).toHaveLength(3);
  send('other', { at, person_id: db.insert('person', { email: 'ola@firma.no' }) });
  expect(db.rows('delivery')).toHaveLength(4);
  send('last of the day', { at: at + dayMs - 1 });
  expect(db.rows('delivery')).toHaveLength(4);
  send('next day', { at: at + dayMs });
  expect(db.rows('delivery')).toHaveLength(5);
});

test('asks one sender three times a day at most to confirm, and counts replies and requests together', (db) => {
  const { formId, personId } = withForm(db, {});
  const requests = (): number => db.rows('delivery').filter(({ target }) => target !== reply && target !== chat).length;
  const ask = (id: string, row: Row = {}) => {
    db.insert('consent_request', { submission_id: id });
    db.insert('submission', { id, form_id: formId, person_id: personId, at, ...row });
  };
  db.insert('delivery', { submission_id: '1', target: chat, next_at: 0 });
  for (const id of ['1', '2', '3', '4']) ask(id);
  expect(requests()).toBe(3);
  ask('other', { person_id: db.insert('person', { email: 'ola@firma.no' }) });
  expect(requests()).toBe(4);
  ask('last of the day', { at: at + dayMs - 1 });
  expect(requests()).toBe(4);
  ask('next day', { at: at + dayMs });
  expect(requests()).toBe(5);
  const replying = db.insert('form', { key: 'replying', auto_reply: '{}' });
  const later = at + 9 * dayMs;
  for (const id of ['5', '6', '7']) {
    db.insert('submission', { id, form_id: replying, person_id: personId, at: later });
  }
  ask('8', { at: later });
  expect(requests()).toBe(5);
});

test('counts notifications to others as no mail to the sender', (db) => {
  const { formId, personId } = withForm(db, { auto_reply: '{}', notify: `[${chat},${chat},${chat}]` });
  db.insert('submission', { id: '1', form_id: formId, person_id: personId, at });
  db.insert('submission', { id: '2', form_id: formId, person_id: personId, at });
  expect(db.rows('delivery').filter(({ target }) => target === reply)).toHaveLength(2);
});

/** Notes that a record was marked as spam, beside others of another kind and of another number. */
const markSpam = (db: ProgramDatabase, kind: string, id: string): void => {
  const cluster_id = db.insert('spam_cluster');
  db.insert('spam_record', { cluster_id, kind, record_id: id });
  db.insert('spam_record', { cluster_id, kind: 'touch', record_id: 'new' });
  for (const other of ['person', 'company', 'submission']) {
    db.insert('spam_record', { cluster_id, kind: other, record_id: 'other' });
    if (other !== kind) db.insert('spam_record', { cluster_id, kind: other, record_id: id });
  }
};

test('stores no event for a person or a company that comes back from spam, and one for a new record', (db) => {
  listen(db, 'person.created', 'company.created');
  markSpam(db, 'person', '7');
  db.run("DELETE FROM spam_record WHERE kind = 'company' AND record_id = '7'");
  db.insert('person', { id: 7 });
  expect(events(db)).toEqual([]);
  db.insert('company', { id: 7 });
  expect(types(db)).toEqual(['company.created']);
  markSpam(db, 'company', '8');
  db.run("DELETE FROM spam_record WHERE kind = 'person' AND record_id = '8'");
  db.insert('company', { id: 8 });
  expect(types(db)).toEqual(['company.created']);
  db.insert('person', { id: 8, email: 'ola@firma.no' });
  expect(types(db)).toEqual(['company.created', 'person.created']);
});

test('sends nothing for a submission that comes back from spam, and sends for a new one', (db) => {
  listen(db, 'submission.received');
  markSpam(db, 'submission', 'back');
  const { formId, personId } = withForm(db, { notify, auto_reply: '{}' });
  db.insert('submission', { id: 'back', form_id: formId, person_id: personId });
  expect([events(db), db.rows('delivery')]).toEqual([[], []]);
  db.insert('submission', { id: 'new', form_id: formId, person_id: personId });
  expect([types(db), db.rows('delivery').length]).toEqual([['submission.received'], 3]);
});
