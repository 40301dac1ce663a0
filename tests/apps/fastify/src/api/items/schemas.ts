import { type Static, Type } from '@sinclair/typebox';

export const ItemParams = Type.Object({ itemId: Type.String({ format: 'uuid' }) });
export const ItemQuery = Type.Object({ q: Type.Optional(Type.String()), page: Type.Optional(Type.Integer({ minimum: 1 })) });
export const ItemBody = Type.Object({ name: Type.String(), sku: Type.String(), weight: Type.Number() });

export type Item = Static<typeof ItemBody>;
export type ItemFilter = Static<typeof ItemQuery>;
