import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../auth/public.decorator';
import { AppConfig } from '../config/app-config';
import { pagePolicy } from './page-policy';
import { page } from './page';

const DOCUMENTS = {
  docs: '/docs',
  redoc: '/redoc',
  openapi: '/openapi.json',
  asyncapi: '/asyncapi',
};

/** Greets whoever opens the server's address: a page for people, JSON for programs. */
@ApiExcludeController()
@Public()
@Controller()
export class WelcomeController {
  constructor(private readonly config: AppConfig) {}

  @Get()
  greet(@Req() request: Request, @Res() response: Response): void {
    const { appName, version, docsEnabled } = this.config;
    const links = { ...(docsEnabled && DOCUMENTS), health: '/health' };
    response.vary('Accept');
    if (request.accepts(['json', 'html']) !== 'html') {
      response.json({ app_name: appName, version, links });
      return;
    }
    const items = Object.values(links).map((href) => `<li><a href="${href}">${href}</a></li>`);
    pagePolicy({})(request, response, () => {
      response.type('html').send(
        page(
          'Simple Chat',
          `<h1>Simple Chat</h1>
<p>Version ${version}. Every message kept, in order, once.</p>
<ul>${items.join('')}</ul>`,
        ),
      );
    });
  }
}
