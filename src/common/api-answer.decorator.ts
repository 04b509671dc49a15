import { ApiResponse } from '@nestjs/swagger';

/** The schemas in `docs/model-schemas.ts`: the models of `protocol/` and the pages of them. */
export type ModelName =
  | 'User'
  | 'PublicUser'
  | 'UserPage'
  | 'PublicUserList'
  | 'TokenResponse'
  | 'SessionList'
  | 'Room'
  | 'RoomPage'
  | 'Member'
  | 'MemberPage'
  | 'ReadState'
  | 'PresenceState'
  | 'Restriction'
  | 'RestrictionPage'
  | 'NewInvite'
  | 'InviteList'
  | 'Message'
  | 'HistoryPage'
  | 'ChangesPage'
  | 'SearchPage'
  | 'FiledReport'
  | 'Report'
  | 'ReportPage'
  | 'AuditPage';

/** Documents what a route answers: one of the protocol's models, with its example. */
export function ApiAnswer(status: number, model: ModelName, description: string): MethodDecorator {
  return ApiResponse({ status, description, schema: { $ref: `#/components/schemas/${model}` } });
}

/** Documents a 204. */
export function ApiNoContent(description: string): MethodDecorator {
  return ApiResponse({ status: 204, description });
}
