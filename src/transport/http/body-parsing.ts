import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  json,
  urlencoded,
} from 'express';
import { ChatError } from '../../common/chat-error';

const BODY_MAX_BYTES = 100 * 1024;
const FORM_FIELDS_MAX = 20;

const UTF8_ALIAS = /(;\s*charset="?)utf8("?\s*(?:;|$))/i;

/** What OAuth2's password form carries beside name and password; it means nothing here. */
const OAUTH2_FORM_FIELDS = ['grant_type', 'scope', 'client_id', 'client_secret'];

/** Refuses a body that says it is too large, before it comes; the parsers let the whole of it come first. */
export function refuseLargeBodies(request: Request, _response: Response, next: NextFunction): void {
  if (isTooLarge(request)) throw new ChatError('payload_too_large');
  next();
}

/** Whether a body says that it is larger than any may be. */
export function isTooLarge({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return Number(headers['content-length'] ?? 0) > BODY_MAX_BYTES;
}

/** Reads JSON bodies up to 100 KiB, in UTF-8 alone. Bodies of another type are left for who comes next. */
export function parseJson(): RequestHandler[] {
  const options = { limit: BODY_MAX_BYTES, type: 'application/json', strict: true, verify: requireUtf8 };
  return [spellUtf8, explained(json(options))];
}

/** Reads the form that OAuth2 clients log in with. */
export function parseLoginForm(): RequestHandler[] {
  const form = urlencoded({
    limit: BODY_MAX_BYTES,
    extended: false,
    parameterLimit: FORM_FIELDS_MAX,
    verify: requireUtf8,
  });
  return [explained(form), dropOAuth2Fields];
}

/** Refuses a body that nobody has read. */
export function refuseOtherBodies(request: Request, _response: Response, next: NextFunction): void {
  if (request.body === undefined && hasBody(request)) throw new ChatError('unsupported_media_type');
  next();
}

/** The parser, with a word for a broken compression: of all its errors only those of zlib have no type. */
function explained(parse: RequestHandler): RequestHandler {
  return (request, response, next) =>
    parse(request, response, (error?: unknown) => {
      const isCompressed = request.headers['content-encoding'] !== undefined;
      const isBroken = isCompressed && error instanceof Error && !('type' in error);
      next(
        isBroken ? new ChatError('invalid_json', { message: 'The body could not be decompressed.' }) : error,
      );
    });
}

/** `utf8` is a name of UTF-8, too (WHATWG Encoding, section 4.2), but not one that the parser knows. */
function spellUtf8({ headers }: Request, _response: Response, next: NextFunction): void {
  const type = headers['content-type'];
  if (type?.includes('8')) headers['content-type'] = type.replace(UTF8_ALIAS, '$1utf-8$2');
  next();
}

function requireUtf8(_request: IncomingMessage, _response: unknown, body: Buffer, encoding: string): void {
  if (encoding.toLowerCase() !== 'utf-8')
    throw new ChatError('unsupported_media_type', { message: 'Send UTF-8.' });
  // The parser would put U+FFFD for what is broken, and it would be stored like that.
  if (!isUtf8(body)) throw new ChatError('invalid_json', { message: 'The body is not valid UTF-8.' });
}

function dropOAuth2Fields(request: Request, _response: Response, next: NextFunction): void {
  if (request.is('application/x-www-form-urlencoded')) {
    const fields = Object.entries(request.body as Record<string, unknown>);
    request.body = Object.fromEntries(fields.filter(([name]) => !OAUTH2_FORM_FIELDS.includes(name)));
  }
  next();
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
