const { app } = await import(`./${process.argv[2]}/app.js`);
const seen = async (url) => {
  const answer = await app.inject({ url });
  const { request_id: _, ...body } = answer.json();
  return { status: answer.statusCode, body };
};
console.log(JSON.stringify({ failed: await seen("/failed"), refused: await seen("/refused") }));
