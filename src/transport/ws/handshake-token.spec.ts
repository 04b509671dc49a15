import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ChatError } from '../../common/chat-error';
import { tokenOf } from './handshake-token';

describe('the token of a handshake', () => {
  /** The token, or the code of the refusal. */
  function read(headers: Record<string, string | string[]>, query = ''): string {
    const headersDistinct = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value].flat()]),
    );
    const joined = Object.entries(headersDistinct).map(([name, values]) => [name, values.join(', ')]);
    const request = { headersDistinct, headers: Object.fromEntries(joined) as IncomingHttpHeaders };
    try {
      return tokenOf(request as IncomingMessage, new URLSearchParams(query));
    } catch (error) {
      return (error as ChatError).code;
    }
  }

  it.each(['Bearer abc.def', 'bearer abc.def', 'BEARER   abc.def '])(
    'is read from Authorization: %s',
    (value) => {
      expect(read({ authorization: value })).toBe('abc.def');
    },
  );

  it.each(['chat.v1, bearer.abc.def', 'bearer.abc.def,chat.v1', ' bearer.abc.def '])(
    'is read from the subprotocols %j',
    (value) => {
      expect(read({ 'sec-websocket-protocol': value })).toBe('abc.def');
    },
  );

  it('is read from the address', () => {
    expect(read({}, 'after_seq=5&token=abc.def')).toBe('abc.def');
  });

  it('may be presented in several ways, if it is the same', () => {
    const headers = { authorization: 'Bearer abc', 'sec-websocket-protocol': 'chat.v1, bearer.abc' };

    expect(read(headers, 'token=abc&token=abc')).toBe('abc');
  });

  it.each([
    [{ authorization: 'Bearer abc' }, 'token=abd'],
    [{ authorization: 'Bearer abc', 'sec-websocket-protocol': 'bearer.abd' }, ''],
    [{ authorization: ['Bearer abc', 'Bearer abd'] }, ''],
    [{ 'sec-websocket-protocol': 'bearer.abc, bearer.abd' }, ''],
    [{}, 'token=abc&token=abd'],
  ])('must not be another one elsewhere: %j %s', (headers, query) => {
    expect(read(headers, query)).toBe('conflicting_tokens');
  });

  it.each([
    [{}, ''],
    [{}, 'token='],
    [{ 'sec-websocket-protocol': 'chat.v1' }, ''],
    [{ 'sec-websocket-protocol': 'chat.v1, bearer.' }, ''],
    [{ authorization: '' }, ''],
    [{ authorization: 'Bearer' }, ''],
    [{ authorization: 'Bearer a b' }, ''],
    [{ authorization: 'Basic YWRhOnNlY3JldA==' }, ''],
  ])('is missing from %j %s', (headers, query) => {
    expect(read(headers, query)).toBe('authentication_required');
  });

  it('is looked for elsewhere when Authorization is of another scheme', () => {
    const basic = 'Basic YWRhOnNlY3JldA==';

    expect(read({ authorization: basic }, 'token=abc')).toBe('abc');
    expect(read({ authorization: basic, 'sec-websocket-protocol': 'chat.v1, bearer.abc' })).toBe('abc');
  });

  it.each(['Bearer', 'Bearer a b', 'bearer  '])(
    'is not looked for elsewhere beside a broken %j',
    (authorization) => {
      expect(read({ authorization }, 'token=abc')).toBe('authentication_required');
    },
  );
});
