import type { ServerFrame } from '../../src/protocol/frames';
import type { Leak } from '../judge/evidence';
import { Roamer, type RoamerOptions } from './roamer';

const BETWEEN_TRIES_MS = 200;

export interface OutsiderOptions extends RoamerOptions {
  /** A room that it may read. */
  publicRoomId: number;
  /** A room that it may not know of. */
  privateRoomId: number;
}

/** Somebody who reads the public room and tries to get into the private one, and notes whatever it hears of it. */
export class Outsider extends Roamer {
  readonly leaks: Leak[] = [];
  private trying: NodeJS.Timeout | undefined;

  constructor(
    name: string,
    private readonly outside: OutsiderOptions,
  ) {
    super(name, outside);
  }

  protected path(): string {
    return '';
  }

  protected override opened(): void {
    this.send({ type: 'join', room_id: this.outside.publicRoomId });
    this.tryTheDoor();
    this.trying = setInterval(() => this.tryTheDoor(), BETWEEN_TRIES_MS);
  }

  protected override closed(): void {
    clearInterval(this.trying);
  }

  protected take(frame: ServerFrame): void {
    if (frame.type === 'error' || !('data' in frame)) return;
    const { room_id: roomId } = frame.data as { room_id?: number };
    if (roomId === this.outside.privateRoomId)
      this.leaks.push({ hearer: this.name, roomId, what: frame.type });
  }

  private tryTheDoor(): void {
    const room_id = this.outside.privateRoomId;
    this.send({ type: 'join', room_id, after_seq: 0 });
    this.send({ type: 'fetch_messages', room_id });
    this.send({ type: 'typing', room_id });
  }
}
