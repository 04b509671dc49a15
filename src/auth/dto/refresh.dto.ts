import { IsString, MaxLength } from 'class-validator';

/** Longer than any token that was ever handed out. */
const PRESENTED_TOKEN_MAX_CHARS = 1_024;

export class RefreshDto {
  /**
   * The newest refresh token of the session. It can be used once.
   * @example 'y8Qd0c7zYbq1m1nq3aQ8vQyq0iHq4m2b5r0m3Yp7e1k'
   */
  @IsString()
  @MaxLength(PRESENTED_TOKEN_MAX_CHARS)
  refresh_token: string;
}
