import { Controller, Get, NotFoundException, Post } from "@nestjs/common";

@Controller("users")
export class UsersController {
  @Get()
  list() {
    throw new Error('relation "users" does not exist');
  }

  @Get(":id")
  show() {
    throw new NotFoundException("no such user");
  }

  @Post()
  create() {
    return {};
  }
}
