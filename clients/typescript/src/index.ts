export type * from './api.js';
export { Refused, Unavailable } from './errors.js';
export { type EventOptions, Events, type Message } from './events.js';
export { Gateway, type GatewayOptions } from './gateway.js';
