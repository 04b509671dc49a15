import { started } from './global-setup';

export default async function globalTeardown(): Promise<void> {
  await started.end?.();
}
