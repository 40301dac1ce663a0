// One place to find them all.
export { default as items } from './items/routes.js';
export { movements } from './movements.js';
export * from './warehouses/index.js';
