/** Who a peer's client is, from the address that it opens. */
export function memberOf(url = '/'): { room: number; user: number } {
  const { searchParams } = new URL(url, 'http://localhost');
  return { room: Number(searchParams.get('room')), user: Number(searchParams.get('user')) };
}
