import { SignJWT } from "jose";
import { NextResponse } from "next/server";

export async function POST() {
  const key = new TextEncoder().encode(process.env.JWT_SECRET);
  const token = await new SignJWT({ role: "user" }).setProtectedHeader({ alg: "HS256" }).setIssuedAt().sign(key);
  return NextResponse.json({ token });
}
