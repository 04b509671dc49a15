/**
 * The wire to one client, as the core sees it.
 *
 * Order: bytes leave in the order of the writes. Delivery: none is promised; a reader that missed something resumes
 * from the log. Failure: nothing throws; writing to a closed socket does nothing.
 */
export abstract class Socket {
  /**
   * Sends complete frames. What one turn of the event loop writes leaves together; sockets that are answered in it may
   * leave before those that are not.
   */
  abstract write(frames: Buffer, isAnswer?: boolean): void;

  abstract ping(): void;

  /** Sends a close frame behind what was written; the socket ends even if the peer never answers. */
  abstract close(code: number, reason: string): void;

  /** Ends the socket at once, dropping what is unsent. */
  abstract terminate(): void;

  /** Bytes written and not yet taken by the operating system. */
  abstract readonly bufferedBytes: number;

  /** Bytes taken by the operating system since the socket opened; stands still while the peer takes nothing. */
  abstract readonly takenBytes: number;

  /** Bytes that have come from the peer since the socket opened. */
  abstract readonly receivedBytes: number;

  /** Calls `listener` each time everything written has been taken, after more had been written than was taken at once. */
  abstract onDrain(listener: () => void): void;

  /** Stops and restarts reading from the peer. */
  abstract pauseReading(): void;
  abstract resumeReading(): void;
}
