import { IsText } from '../../common/validation/is-text';

const REASON_MAX_CHARS = 1_000;

export class FileReportDto {
  /**
   * What is wrong with the message.
   * @example 'Advertisement'
   */
  @IsText({ min: 1, max: REASON_MAX_CHARS, trim: true })
  reason: string;
}
