import { Controller, Get, Post } from '@nestjs/common';

@Controller()
export class AdminController {
  @Get('stats')
  stats() {
    return {};
  }

  @Post('reload')
  reload() {
    return { ok: true };
  }
}
