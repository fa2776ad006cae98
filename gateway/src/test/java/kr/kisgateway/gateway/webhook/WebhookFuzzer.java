package kr.kisgateway.gateway.webhook;

import java.time.Instant;
import java.util.Arrays;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.RequestBody;

/** Any definition of a webhook with any alert is the body of an order, or is refused. */
public final class WebhookFuzzer {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");

    private WebhookFuzzer() {}

    /** Called by Jazzer; the first line is the definition, the rest the alert. */
    public static void fuzzerTestOneInput(byte[] input) {
        int end = 0;
        while (end < input.length && input[end] != '\n') {
            end++;
        }
        try {
            var webhook = WebhookDefinition.read(RequestBody.parse(Arrays.copyOf(input, end)));
            webhook.toRequest();
            var alert = RequestBody.parse(Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length));
            webhook.idempotencyKey(alert);
            webhook.orderBody(webhook.fields(alert)).json();
            webhook.requireRecent(alert, NOW);
        } catch (RefusedException refused) {
            // the declared refusal
        }
    }
}
