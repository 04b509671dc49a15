import { EnvError, makeExactValidator, type RequiredValidatorSpec } from 'envalid';
import proxyAddr from 'proxy-addr';

/**
 * What a variable's text may be. The messages say what is wanted and never repeat the text:
 * it may be a secret that went into the wrong line.
 */

interface WithDefault<T> {
  default: T;
  desc: string;
}

/** A variable, with what the documents say of its values. */
type Described<T> = RequiredValidatorSpec<T> & { readonly allowed: string };

/** The largest limit that can be set: as good as none. */
export const MOST = 1_000_000_000;

export function integer(min: number, max: number, spec: WithDefault<number>): Described<number> {
  const validator = makeExactValidator<number>((value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
    // Written so that NaN fails, too.
    if (!(number >= min && number <= max)) throw new EnvError(`must be an integer from ${min} to ${max}`);
    return number;
  });
  return { ...validator(spec), allowed: max === MOST ? `${min} or more` : `${min} to ${max}` };
}

export function oneOf<const T extends string>(
  choices: readonly T[],
  spec: WithDefault<NoInfer<T>>,
): Described<T> {
  const validator = makeExactValidator<T>((value) => {
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) throw new EnvError(`must be one of ${choices.join(', ')}`);
    return choice;
  });
  return {
    ...validator(spec as WithDefault<NonNullable<T>>),
    allowed: choices.map((choice) => `\`${choice}\``).join(', '),
  };
}

export const text = makeExactValidator<string>((value) => value);

export function onOff(spec: WithDefault<boolean>): Described<boolean> {
  const validator = makeExactValidator<boolean>((value) => {
    if (value !== 'on' && value !== 'off') throw new EnvError('must be on or off');
    return value === 'on';
  });
  return { ...validator(spec), allowed: '`on`, `off`' };
}

export const postgresUrl = makeExactValidator<string>((value) => {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol !== 'postgres:' && url?.protocol !== 'postgresql:') {
    throw new EnvError('must be a URL like postgres://user:password@host:5432/database');
  }
  return value;
});

/** One or more; never empty where it is given. */
export const redisUrls = makeExactValidator<readonly string[]>((value) => {
  const urls = list(value);
  if (urls.length === 0 || !urls.every(isRedisUrl)) {
    throw new EnvError(
      'must be a URL like redis://user:password@host:6379, or some of them, separated by commas',
    );
  }
  return urls;
});

export const channelPrefix = makeExactValidator<string>((value) => {
  if (!/^[\w.:-]{1,64}$/.test(value)) throw new EnvError('must be 1 to 64 of letters, digits, _ . : -');
  return value;
});

/** The address of a server, kept without the slash at its end. */
export const httpUrl = makeExactValidator<string>((value) => {
  const origin = parseOrigin(value);
  if (origin === null) throw new EnvError('must be a URL like https://chat.example.com, without a path');
  return origin;
});

export const origins = makeExactValidator<readonly string[]>((value) =>
  list(value).map((item) => {
    const origin = parseOrigin(item);
    if (origin === null)
      throw new EnvError('must be origins like https://chat.example.com, separated by commas');
    return origin;
  }),
);

export const proxies = makeExactValidator<readonly string[]>((value) => {
  const items = value === 'none' ? [] : list(value);
  try {
    // A number of proxies, as others take it, would be an address: 0.0.0.1.
    if (items.some((item) => /^\d+$/.test(item))) throw new TypeError('a number');
    proxyAddr.compile(items);
  } catch {
    throw new EnvError(
      'must be none, or addresses, networks like 10.0.0.0/8 or loopback, separated by commas',
    );
  }
  return items;
});

function isRedisUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol !== 'redis:' && url?.protocol !== 'rediss:') return false;
  return url.hostname !== '' && /^\/?\d{0,4}$/.test(url.pathname) && !url.search && !url.hash;
}

/** The origin that an address is, with or without a slash at its end; null for what is more, or something else. */
function parseOrigin(value: string): string | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return null;
  return url.pathname === '/' && !url.search && !url.hash && !url.username ? url.origin : null;
}

function list(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
