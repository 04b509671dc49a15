import { Injectable } from '@nestjs/common';

/** Whether this node takes new work. Once draining, it never does again. */
@Injectable()
export class Readiness {
  private draining = false;

  get isDraining(): boolean {
    return this.draining;
  }

  markDraining(): void {
    this.draining = true;
  }
}
