/** What lets whoever knows its code become a member of a room. */
export interface Invite {
  id: number;
  room_id: number;
  /** How many have become members by it. */
  uses: number;
  /** Null: any number. */
  max_uses: number | null;
  /** Null: until it is revoked. */
  expires_at: string | null;
  /** The user who made it. */
  created_by: number | null;
  created_at: string;
}

/** An invite as it is answered to who makes it: only then with its code. */
export interface NewInvite extends Invite {
  code: string;
}
