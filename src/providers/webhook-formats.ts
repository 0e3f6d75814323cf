// One line a vendor that sends webhooks, under its name; see webhook-format.ts.
export { pulseWebhooks as pulse } from './pulse/webhook-format.js';
export { reductoWebhooks as reducto } from './reducto/webhook-format.js';
