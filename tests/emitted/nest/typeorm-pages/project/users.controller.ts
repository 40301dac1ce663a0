import { Controller, Get } from "@nestjs/common";
import { Repository } from "typeorm";
import { User } from "./user.entity";

@Controller("users")
export class UsersController {
  constructor(private readonly users: Repository<User>) {}

  @Get()
  list() {
    return this.users.find();
  }
}
