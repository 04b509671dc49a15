import type { OpenAPIObject } from '@nestjs/swagger';
import type { Limits } from '../protocol/limits';

interface PageLimit {
  default: number;
  maximum: number;
}

/** The pages whose size is a setting, by path; the DTOs know only what the settings may be. */
const PAGES: Readonly<Record<string, (limits: Limits) => PageLimit>> = {
  '/api/v1/rooms/{room_id}/messages': ({ history_page_default, history_page_max }) => ({
    default: history_page_default,
    maximum: history_page_max,
  }),
  '/api/v1/rooms/{room_id}/changes': ({ changes_page_max }) => ({
    default: changes_page_max,
    maximum: changes_page_max,
  }),
};

/** The text with the figures of this server in place of `{their_names}`. */
export function withFigures(text: string, limits: Limits): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in limits ? String(limits[name as keyof Limits]) : whole,
  );
}

/** Writes into the document how long a page of this server is. */
export function setPageLimits({ paths }: OpenAPIObject, limits: Limits): void {
  for (const [path, limitOf] of Object.entries(PAGES)) {
    for (const parameter of paths[path]?.get?.parameters ?? []) {
      if ('name' in parameter && parameter.name === 'limit')
        Object.assign(parameter.schema!, limitOf(limits));
    }
  }
}
