import { withRetries } from '../../../lib/retries';

async function receive(req, res) {
  if (req.method !== 'POST') return res.status(405).end();
  res.status(202).end();
}

export default withRetries(receive);
