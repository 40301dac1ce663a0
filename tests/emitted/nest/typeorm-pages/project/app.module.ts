import { Module } from "@nestjs/common";
import { DataSource, Repository } from "typeorm";
import { User } from "./user.entity";
import { UsersController } from "./users.controller";

const users = async () => {
  const source = await new DataSource({ type: "sqljs", entities: [User], synchronize: true }).initialize();
  return source.getRepository(User);
};

@Module({ controllers: [UsersController], providers: [{ provide: Repository, useFactory: users }] })
export class AppModule {}
