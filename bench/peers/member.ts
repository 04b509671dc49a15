/** Who a peer's client is, and where. */
export interface Membership {
  room: number;
  user: number;
}

/** Read from the address that a client opens. */
export function memberOf(url = '/'): Membership {
  const { searchParams } = new URL(url, 'http://localhost');
  return { room: Number(searchParams.get('room')), user: Number(searchParams.get('user')) };
}
