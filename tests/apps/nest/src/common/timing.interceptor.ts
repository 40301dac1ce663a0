import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { tap } from 'rxjs';

@Injectable()
export class TimingInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    const begun = performance.now();
    return next.handle().pipe(tap(() => context.switchToHttp().getResponse().setHeader('x-time', performance.now() - begun)));
  }
}
