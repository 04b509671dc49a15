import { integer, MOST, onOff } from '../validators';

/** How often something may be done. */
export const rates = {
  RATE_LIMITS: onOff({
    default: true,
    desc: 'Off (for tests and benchmarks; refused in production): no rate limit, no 4400, no 4429.',
  }),
  AUTH_ATTEMPTS_PER_ADDRESS: integer(1, MOST, {
    default: 60,
    desc: 'Logins, registrations and refreshes of one address within the window.',
  }),
  AUTH_ATTEMPTS_PER_ACCOUNT: integer(1, MOST, {
    default: 10,
    desc: 'The same for one account, counted by user name and by e-mail address apart.',
  }),
  AUTH_WINDOW_SECONDS: integer(1, 86_400, { default: 60, desc: 'That window.' }),
  MESSAGES_PER_WINDOW: integer(1, MOST, {
    default: 20,
    desc: 'Messages of one user in one room within `RATE_WINDOW_SECONDS`.',
  }),
  FRAMES_PER_WINDOW: integer(1, MOST, {
    default: 120,
    desc: 'Frames of one socket within `RATE_WINDOW_SECONDS`.',
  }),
  RATE_WINDOW_SECONDS: integer(1, 3_600, { default: 10, desc: 'That window.' }),
  SEARCHES_PER_WINDOW: integer(1, MOST, {
    default: 20,
    desc: 'Searches of one user within `RATE_WINDOW_SECONDS`.',
  }),
  INVALID_FRAMES_PER_MINUTE: integer(1, MOST, {
    default: 20,
    desc: 'Invalid frames within a minute until the socket is closed with 4400.',
  }),
};
