import { type Told, unlikeAbsent } from './likeness';

function told(kind: Told['cell']['kind'], word: string, text: string): Told {
  return { cell: { kind, actor: 'stranger' }, word, text };
}

const ABSENT = told('absent', 'room_not_found', '404 no such room');

describe('What is said of a room that one may not know of', () => {
  it('may be what is said of an absent one', () => {
    expect(unlikeAbsent([told('private', 'room_not_found', '404 no such room'), ABSENT])).toEqual([]);
  });

  it('gives the room away by a single byte', () => {
    expect(unlikeAbsent([told('private', 'room_not_found', '404 no such room!'), ABSENT])).toEqual([
      { actor: 'stranger', kind: 'private', told: '404 no such room!', ofAbsent: '404 no such room' },
    ]);
  });

  it('is compared with what the same actor is told alone', () => {
    const toAdmin: Told = { ...ABSENT, cell: { kind: 'absent', actor: 'admin' }, text: 'something else' };

    expect(unlikeAbsent([told('private', 'room_not_found', '404 no such room'), toAdmin, ABSENT])).toEqual(
      [],
    );
  });

  it('does not matter where the room is no secret', () => {
    expect(unlikeAbsent([told('public', 'forbidden', '403 forbidden'), ABSENT])).toEqual([]);
  });
});
