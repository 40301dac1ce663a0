import { Injectable } from "@nestjs/common";
import { prisma } from "./db.js";

@Injectable()
export class UsersService {
  all() {
    return prisma.user.findMany({ include: { posts: true } });
  }
}
