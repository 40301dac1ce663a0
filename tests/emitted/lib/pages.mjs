// What a list of 130 rows answers to four requests for a page.

/** `ask(path)` gives the body of an answer. */
export async function pages(ask) {
  const seen = async (query) => {
    const body = await ask(`/users${query}`);
    return Array.isArray(body) ? { rows: body.length, pagination: null } : { rows: body.data.length, pagination: body.pagination };
  };
  return {
    first: await seen(""),
    huge: await seen("?limit=100000"),
    text: await seen("?limit=all&offset=-5"),
    last: await seen("?limit=50&offset=100"),
  };
}
