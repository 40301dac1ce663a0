export default { client: 'pg', connection: process.env.LEGACY_DATABASE_URL };
