import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

/** More than any password has. */
const MAX_CHARS = 1_024;

/** A password that is checked, not chosen: one that nobody can have is answered like a wrong one. */
export function IsPresentedPassword(): PropertyDecorator {
  return applyDecorators(ApiProperty({ type: String, format: 'password' }), IsString(), MaxLength(MAX_CHARS));
}
