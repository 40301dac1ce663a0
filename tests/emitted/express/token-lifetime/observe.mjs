import jwt from "jsonwebtoken";

const { accessToken } = await import(`./${process.argv[2]}/tokens.ts`);
const { exp, iat } = jwt.verify(accessToken(1, "a secret of the tests that is long enough"), "a secret of the tests that is long enough");
console.log(JSON.stringify({ lifetime: exp - iat }));
