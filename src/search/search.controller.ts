import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal } from '../auth/current-principal.decorator';
import { ApiAnswer } from '../common/api-answer.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import type { Principal } from '../common/principal';
import type { SearchPage } from '../protocol/search';
import { SEARCH_PAGE_DEFAULT, SearchMessagesQuery } from './dto/search-messages.query.dto';
import { SearchService } from './search.service';

@ApiTags('messages')
@ApiBearerAuth()
@Controller('search')
export class SearchController {
  constructor(private readonly searches: SearchService) {}

  /**
   * Finds messages in the rooms that you may read now, newest first.
   *
   * A message is found if it has all the words. A snippet is plain text in parts, to be shown as text.
   */
  @Get('messages')
  @ApiAnswer(200, 'SearchPage', 'Found messages; none if there is no word in `q`')
  @ApiProblems('banned', 'room_not_found', 'rate_limited', 'search_timeout', 'server_busy')
  search(
    @CurrentPrincipal() principal: Principal,
    @Query()
    { q, room_id: roomId, user_id: authorId, before, limit = SEARCH_PAGE_DEFAULT }: SearchMessagesQuery,
  ): Promise<SearchPage> {
    return this.searches.search(principal, { q, roomId, authorId, before, limit });
  }
}
