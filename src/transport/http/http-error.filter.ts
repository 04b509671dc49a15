import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { ChatError } from '../../common/chat-error';
import type { Clock } from '../../common/clock';
import { PacedFaults } from '../../common/paced-faults';
import { answerWithProblem } from './answer-with-problem';
import { neutralError } from '../neutral-error';
import { requestIdOf } from './request-id';

/** Answers every error of REST with a problem document. Global; other contexts have filters of their own. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');
  private readonly databaseFaults: PacedFaults;

  constructor(clock: Clock) {
    this.databaseFaults = new PacedFaults(clock, {
      tell: (fault) => this.logger.warn({ msg: 'the database fails requests', err: fault }),
    });
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw exception;
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const error = neutralError(exception);
    this.log(error, requestIdOf(request));
    answerWithProblem(request, response, error);
  }

  private log(error: ChatError, requestId: string): void {
    const event = { request_id: requestId, code: error.code, err: error.cause };
    if (error.code === 'internal_error') {
      this.logger.error({ msg: 'a request failed', ...event, err: error.cause ?? error });
      return;
    }
    if (error.code === 'database_unavailable') this.databaseFaults.meet(error.cause ?? error);
    this.logger.debug({ msg: 'a request was refused', ...event });
  }
}
