import { OperatorError } from '../common/operator-error';
import type { AppConfig } from '../config/app-config';
import { askOnce } from './ask-once';

/** Checks that the database can keep what people write: it is in UTF-8. Every other fails only later, in a migration. */
export async function checkEncoding(config: AppConfig): Promise<void> {
  const rows = await askOnce<{ server_encoding: string }>(config, 'SHOW server_encoding');
  const encoding = rows[0]?.server_encoding;
  if (encoding !== 'UTF8')
    throw new OperatorError(`The database has the encoding ${encoding}: make one with ENCODING 'UTF8'.`);
}
