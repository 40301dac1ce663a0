import { Controller, Get, VERSION_NEUTRAL } from '@nestjs/common';
import { Public } from '@common/public.decorator';

@Controller({ path: 'health', version: VERSION_NEUTRAL })
export class HealthController {
  @Public()
  @Get()
  check() {
    return { ok: true };
  }
}
