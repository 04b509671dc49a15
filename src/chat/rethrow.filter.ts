import { Catch, type ExceptionFilter } from '@nestjs/common';

/** Hands a handler's error on to the transport, which knows the form of the wire; Nest's own filter would answer itself. */
@Catch()
export class RethrowFilter implements ExceptionFilter {
  catch(error: unknown): never {
    throw error;
  }
}
