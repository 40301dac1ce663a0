const { app } = await import(`./${process.argv[2]}/app.js`);
const seen = async (url) => {
  const answer = await app.inject({ url });
  const { request_id: id, ...body } = answer.json();
  return { status: answer.statusCode, body, id: typeof id === "string" };
};
console.log(JSON.stringify({ failed: await seen("/failed"), refused: await seen("/refused") }));
