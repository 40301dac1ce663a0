import { Controller, Get, Param } from "@nestjs/common";

@Controller("users")
export class UsersController {
  @Get(":id")
  one(@Param("id") id: string) {
    return { id };
  }

  @Get("me")
  me() {
    return { me: true };
  }
}
