import { aConnection } from '../../../test/support/a-connection';
import { Gateways } from './gateways';

/** Two gateways, as Nest binds them, and how often it was asked to. */
function setUp() {
  const gateways = new Gateways();
  let bound = 0;
  for (const type of ['message', 'typing']) {
    gateways.addBinder((connection) => {
      bound += 1;
      gateways.bind(connection, [
        {
          message: type,
          methodName: type,
          callback: () => Promise.resolve(connection),
          isAckHandledManually: false,
        },
      ]);
    });
  }
  return { gateways, bound: () => bound };
}

describe('Gateways', () => {
  it('binds a client to the handlers of all gateways when they are first asked for, and once', async () => {
    const { gateways, bound } = setUp();
    const { connection } = aConnection();
    expect(bound()).toBe(0);

    const handlers = gateways.handlersOf(connection);
    gateways.handlersOf(connection);

    expect([...handlers.keys()]).toEqual(['message', 'typing']);
    await expect(handlers.get('typing')!({}, 'typing')).resolves.toBe(connection);
    expect(bound()).toBe(2);
  });

  it('gives each client handlers of its own', async () => {
    const { gateways } = setUp();
    const [ada, bob] = [aConnection().connection, aConnection().connection];

    gateways.handlersOf(ada);

    await expect(gateways.handlersOf(bob).get('message')!({}, 'message')).resolves.toBe(bob);
    await expect(gateways.handlersOf(ada).get('message')!({}, 'message')).resolves.toBe(ada);
  });

  it('binds anew whoever has been silent while thousands spoke', () => {
    const { gateways, bound } = setUp();
    const { connection } = aConnection();
    gateways.handlersOf(connection);
    for (let others = 0; others < 2000; others++) gateways.handlersOf(aConnection().connection);
    const before = bound();

    expect(gateways.handlersOf(connection).size).toBe(2);

    expect(bound()).toBe(before + 2);
  });
});
