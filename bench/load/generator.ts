import { answerCalls } from '../remote';
import { Fleet } from './fleet';

/** A load generator: a process with one fleet, which does what its parent asks. */
answerCalls(new Fleet());
