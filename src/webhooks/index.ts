export { createWebhookHandler, type WebhookHandler } from './create-webhook-handler.js';
export { type NodeWebhookHandler, toNodeHandler } from './node-adapter.js';
export { createTemporalDelivery, type TemporalDeliveryOptions } from './temporal-delivery.js';
export type { WebhookSecrets } from './account-secrets.js';
export type { DeliverWebhook, WebhookAccount, WebhookHandlerOptions, WebhookProvider } from './webhook-options.js';
export { webhookLine, type WebhookLog, type WebhookLogEntry, type WebhookReason } from './webhook-log.js';
export type { VendorEvent, WebhookFormat } from '../providers/webhook-format.js';
export { mailboxWorkflowId, type MailboxInput, type WebhookEvent, type WebhookSignal } from '../jobs/webhook.js';
export { MAILBOX_WORKFLOW, WEBHOOK_SIGNAL } from '../jobs/names.js';
