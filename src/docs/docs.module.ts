import { Module } from '@nestjs/common';
import { WebsocketInfoController } from './websocket-info.controller';
import { WelcomeController } from './welcome.controller';

/** What tells people and tools how to use the server; the documents themselves are mounted by `mountDocs`. */
@Module({ controllers: [WebsocketInfoController, WelcomeController] })
export class DocsModule {}
