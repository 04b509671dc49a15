import { Injectable } from '@nestjs/common';
import { NodeLink } from '../realtime/broker/node-link';
import { Principals } from './principals';

/** What follows, on every node, once a user has another role or name: nobody acts as they were before any more. */
@Injectable()
export class PrincipalChanges {
  constructor(
    private readonly principals: Principals,
    private readonly link: NodeLink,
  ) {
    link.on('user_changed', ({ user_id }) => this.principals.dropUser(user_id));
  }

  /** Call it after the commit. */
  user(userId: number): void {
    this.principals.dropUser(userId);
    this.link.publish({ type: 'user_changed', user_id: userId });
  }
}
