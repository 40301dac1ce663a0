export * from './items.js';
export * from './stock.js';
