import { Module } from '@nestjs/common';
import { RoomsModule } from '../rooms/rooms.module';
import { SearchIndexRepository } from './search-index.repository';
import { SearchIndexing } from './search-indexing';
import { SearchController } from './search.controller';
import { SearchRepository } from './search.repository';
import { SearchService } from './search.service';

/** Full text search over messages. */
@Module({
  imports: [RoomsModule],
  controllers: [SearchController],
  providers: [SearchIndexRepository, SearchIndexing, SearchRepository, SearchService],
})
export class SearchModule {}
