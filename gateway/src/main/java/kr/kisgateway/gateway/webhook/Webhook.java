package kr.kisgateway.gateway.webhook;

import java.time.Instant;
import kr.kisgateway.gateway.access.SecretHash;
import kr.kisgateway.gateway.access.WebhookGatekeeper.Protection;

/**
 * A webhook.
 *
 * @param secret of which only the hash is stored
 * @param createdBy name of the API key that created it, or {@code local}
 */
record Webhook(WebhookDefinition definition, SecretHash secret, Instant createdAt, String createdBy) {
    String name() {
        return definition.name();
    }

    /** What the gatekeeper checks. */
    Protection protection() {
        return new Protection(name(), secret, definition.key(), definition.networks(), definition.perMinute());
    }
}
