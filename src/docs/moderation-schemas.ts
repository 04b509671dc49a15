import { AUDIT_ACTIONS } from '../protocol/audit-actions';
import type { AuditEntry, AuditPage, FiledReport, Report, ReportPage } from '../protocol/moderation';
import {
  described,
  flag,
  id,
  type JsonSchema,
  listOf,
  objectOf,
  oneOfThese,
  orNull,
  ref,
  text,
  time,
} from './json-schema';
import { HELLO } from './model-examples';

const FILED: FiledReport = {
  id: 7,
  room_id: 1,
  message_id: 42,
  reason: 'Advertisement',
  created_at: '2026-01-01T09:25:00.000Z',
};

const DECIDED: Report = {
  ...FILED,
  status: 'dismissed',
  reporter_id: 2,
  message: HELLO,
  note: 'A greeting.',
  resolved_by: 3,
  resolved_at: '2026-01-01T09:30:00.000Z',
};

const ROLE_CHANGED: AuditEntry = {
  id: 12,
  action: 'member.role_changed',
  actor_id: 1,
  target_user_id: 2,
  room_id: 1,
  message_id: null,
  reason: null,
  details: { from: 'member', to: 'moderator' },
  created_at: '2026-01-01T09:40:00.000Z',
};

const filedReport = {
  id,
  room_id: id,
  message_id: id,
  reason: text,
  created_at: time,
} satisfies Record<keyof FiledReport, JsonSchema>;

const page = {
  has_more: described(flag, 'Whether there is a next page.'),
  next_cursor: described(orNull({ type: 'integer' }), 'The `cursor` of the next page; null at the end.'),
};

/** Reports and the audit log, as JSON Schema with examples. */
export const MODERATION_SCHEMAS: Readonly<
  Record<'FiledReport' | 'Report' | 'ReportPage' | 'AuditEntry' | 'AuditPage', JsonSchema>
> = {
  FiledReport: objectOf<FiledReport>('A report as the one who made it sees it.', filedReport, [], FILED),
  Report: objectOf<Report>(
    'A report as administrators see it.',
    {
      ...filedReport,
      status: oneOfThese('open', 'resolved', 'dismissed'),
      reporter_id: id,
      message: described(ref('Message'), 'The message in its latest state.'),
      note: orNull(text),
      resolved_by: orNull(id),
      resolved_at: orNull(time),
    },
    [],
    DECIDED,
  ),
  ReportPage: objectOf<ReportPage>(
    'A page of reports, newest first.',
    { reports: listOf(ref('Report')), ...page },
    [],
    { reports: [DECIDED], has_more: false, next_cursor: null },
  ),
  AuditEntry: objectOf<AuditEntry>(
    'One act of an administrator or a moderator. It holds no content and no secret.',
    {
      id,
      action: oneOfThese(...AUDIT_ACTIONS),
      actor_id: described(orNull(id), 'Null: whoever runs the server.'),
      target_user_id: orNull(id),
      room_id: orNull(id),
      message_id: orNull(id),
      reason: orNull(text),
      details: {
        type: ['object', 'null'],
        description: 'What else a machine needs of it, such as the roles before and after.',
      },
      created_at: time,
    },
    [],
    ROLE_CHANGED,
  ),
  AuditPage: objectOf<AuditPage>(
    'A page of the audit log, newest first.',
    { entries: listOf(ref('AuditEntry')), ...page },
    [],
    { entries: [ROLE_CHANGED], has_more: false, next_cursor: null },
  ),
};
