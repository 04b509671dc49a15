import { integer, MOST, onOff } from '../validators';

/** How often something may be done. */
export const rates = {
  RATE_LIMITS: onOff({
    default: true,
    desc: 'Off (for tests and benchmarks; refused in production): no rate limit, no 4400, no 4429.',
  }),
  AUTH_ATTEMPTS_PER_ADDRESS: integer(1, MOST, {
    default: 60,
    desc: 'Logins from one address within `AUTH_WINDOW_SECONDS`; registrations, refreshes and checks of the current password have as many again, each.',
  }),
  AUTH_ATTEMPTS_PER_ACCOUNT: integer(1, MOST, {
    default: 10,
    desc: 'Failed logins to one account within `AUTH_WINDOW_SECONDS`, by user name and by e-mail address apart; refreshes and checks of the current password have as many again, each. An address that has logged in to the account before has an allowance of its own.',
  }),
  AUTH_WINDOW_SECONDS: integer(1, 86_400, { default: 60, desc: 'The window of both.' }),
  MESSAGES_PER_WINDOW: integer(1, MOST, {
    default: 20,
    desc: 'Messages of one user in one room within `RATE_WINDOW_SECONDS`; also the reports that one user makes in that time.',
  }),
  FRAMES_PER_WINDOW: integer(1, MOST, {
    default: 120,
    desc: 'Frames of one socket within `RATE_WINDOW_SECONDS`.',
  }),
  RATE_WINDOW_SECONDS: integer(1, 3_600, {
    default: 10,
    desc: 'The window of messages, frames, searches and reports.',
  }),
  SEARCHES_PER_WINDOW: integer(1, MOST, {
    default: 20,
    desc: 'Searches of one user within `RATE_WINDOW_SECONDS`.',
  }),
  INVALID_FRAMES_PER_MINUTE: integer(1, MOST, {
    default: 20,
    desc: 'Invalid frames within a minute until the socket is closed with 4400.',
  }),
};
