import { ChatError } from '../../common/chat-error';
import { problemOf } from './problem';

describe('A problem', () => {
  it('names the fields that are bad', () => {
    const { body } = problemOf(ChatError.invalid('name', 'must be there'), 'r-1');

    expect(body).toMatchObject({
      detail: 'The input is not valid.',
      errors: [{ field: 'name', message: 'must be there' }],
    });
  });

  it('of input that is wrong as a whole says so as an error of the empty field', () => {
    const { body } = problemOf(new ChatError('validation_failed', { message: 'The address is odd.' }), 'r-1');

    expect(body).toMatchObject({
      detail: 'The address is odd.',
      errors: [{ field: '', message: 'The address is odd.' }],
    });
  });

  it('of another kind has no errors', () => {
    expect(problemOf(new ChatError('room_not_found'), 'r-1').body).not.toHaveProperty('errors');
  });
});
