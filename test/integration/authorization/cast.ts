import type { UserRole } from '../../../src/protocol/models';
import { aPerson, Person } from '../../support/person';
import type { TestServer } from '../../support/test-server';
import { ACTORS, type Actor } from './actors';

/** Whom an act in a room is about. */
const OTHERS = [
  'otherOwner',
  'otherModerator',
  'otherMember',
  'mutedMember',
  'bannedUser',
  'newcomer',
  'administrator',
  'author',
] as const;
export type Other = (typeof OTHERS)[number];

export interface Cast {
  actors: Record<Actor, Person>;
  others: Record<Other, Person>;
}

/** Everybody whom the matrix needs. The deactivated one has logged in before. */
export async function aCast(server: TestServer): Promise<Cast> {
  const roleOf = (name: string): UserRole => (/^admin/.test(name) ? 'admin' : 'user');
  const people = async <Name extends string>(names: readonly Name[]) =>
    Object.fromEntries(
      await Promise.all(
        names.map(async (name) => [
          name,
          name === 'anonymous' ? nobody(server) : await aPerson(server, name, roleOf(name)),
        ]),
      ),
    ) as Record<Name, Person>;

  const cast = { actors: await people(ACTORS), others: await people(OTHERS) };
  await deactivate(cast.actors.admin, cast.actors.deactivated);
  return cast;
}

/** Somebody who presents no token. */
export function nobody(server: TestServer): Person {
  return new Person(server, 0, 'anonymous', '');
}

export async function deactivate(admin: Person, person: Person): Promise<void> {
  const { status } = await admin.patch(`/users/${person.id}`, { is_active: false });
  if (status !== 200) throw new Error(`Not deactivated: ${status}`);
}
