import { NestFactory } from "@nestjs/core";

process.env.JWT_SECRET = "a secret of the tests that is long enough";
const { AppModule } = await import(`./${process.argv[2]}/app.module.ts`);
const { AuthService } = await import(`./${process.argv[2]}/auth.service.ts`);
const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
const { exp, iat } = JSON.parse(Buffer.from(app.get(AuthService).login(1).split(".")[1], "base64url"));
console.log(JSON.stringify({ lifetime: exp ? exp - iat : null }));
await app.close();
