import { Logger } from '@nestjs/common';

// Faults that tests provoke are no news. Whoever asserts on the log installs a logger.
Logger.overrideLogger(false);
