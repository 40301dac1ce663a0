import { Body, Controller, Post } from "@nestjs/common";

@Controller("users")
export class Users {
  @Post()
  create(@Body() input: CreateUser) {
    return this.users.save(input);
  }
}
