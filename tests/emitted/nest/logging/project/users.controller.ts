import { Controller, Get } from "@nestjs/common";

@Controller("users")
export class UsersController {
  @Get()
  list() {
    console.log("listing users");
    return [{ id: 1, name: "Ada" }];
  }
}
