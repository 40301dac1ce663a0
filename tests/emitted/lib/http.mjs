// An application on a free port, and what it answers.
import { createServer } from "node:http";

/** `ask(path, init)`, a fetch at the application: an Express one, or the handler of a node server. */
export async function answers(app) {
  const server = createServer(app);
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  return (path, init) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual", ...init });
}

/** Status and body of an answer; a body that is no JSON is its content type. */
export async function told(response) {
  const text = await response.text();
  try {
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  } catch {
    return { status: response.status, body: response.headers.get("content-type") };
  }
}
