/**
 * Alerts of services as TradingView that become orders: which webhooks exist ({@link Webhooks}), what each makes of an alert
 * ({@link WebhookDefinition}, {@link Template}), and their calls. Orders take the same way as those of {@code /v1/orders}, as
 * the API key that the webhook is bound to. Who may send is decided in {@code access}.
 */
@NullMarked
package kr.kisgateway.gateway.webhook;

import org.jspecify.annotations.NullMarked;
