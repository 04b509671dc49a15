import { answerCalls } from '../remote';
import { HttpLoad } from './http-load';

/** A generator of HTTP requests: a process that does what its parent asks. */
answerCalls(new HttpLoad());
