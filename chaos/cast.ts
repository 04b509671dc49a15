import { randomBytes } from 'node:crypto';
import { Api } from './clients/api';
import type { Address } from './clients/roamer';
import type { Cast } from './scene';

const MEMBERS = 4;

/** Registers those who play in every scene of a run. */
export async function engageCast(node: Address): Promise<Cast> {
  const api = new Api(node);
  const suffix = randomBytes(3).toString('hex');
  const owner = await api.register(`owner-${suffix}`);
  const stranger = await api.register(`stranger-${suffix}`);
  const members = [];
  for (let n = 1; n <= MEMBERS; n++) members.push(await api.register(`member${n}-${suffix}`));
  return { owner, stranger, members };
}
