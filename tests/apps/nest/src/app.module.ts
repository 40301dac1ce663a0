import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_GUARD, RouterModule } from '@nestjs/core';
import { MongooseModule } from '@nestjs/mongoose';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LoggerModule } from 'nestjs-pino';
import { AdminModule } from './admin/admin.module';
import { AuditModule } from './audit/audit.module';
import { JwtGuard } from './auth/jwt.guard';
import { DriversModule } from './drivers/drivers.module';
import { HealthController } from './health.controller';
import { RequestIdMiddleware } from '@common/request-id.middleware';
import { TripsModule } from './trips/trips.module';
import { VehiclesModule } from './vehicles/vehicles.module';
import { options } from './data-source';

@Module({
  imports: [
    LoggerModule.forRoot(),
    TypeOrmModule.forRoot(options),
    MongooseModule.forRoot(process.env.MONGO_URL as string),
    VehiclesModule,
    DriversModule,
    TripsModule,
    AdminModule,
    AuditModule,
    RouterModule.register([{ path: 'admin', module: AdminModule, children: [{ path: 'audit', module: AuditModule }] }]),
  ],
  controllers: [HealthController],
  providers: [{ provide: APP_GUARD, useClass: JwtGuard }],
})
export class AppModule implements NestModule {
  configure(consumer: MiddlewareConsumer) {
    consumer.apply(RequestIdMiddleware).forRoutes('*');
  }
}
