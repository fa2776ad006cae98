package kr.kisgateway.api.webhook;

import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.ApiCall.Method;
import kr.kisgateway.api.order.PlaceAnswer;

/** The calls about webhooks (operator). */
public final class WebhookCalls {
    private static final String WEBHOOKS = "/v1/webhooks";

    private WebhookCalls() {}

    /** All webhooks, without their secrets. */
    public static ApiCall<Webhooks> webhooks() {
        return ApiCall.get(WEBHOOKS, Webhooks.class).forOperator();
    }

    /** Creates the webhook of a JSON text; its secret is in this answer only. */
    public static ApiCall<MadeWebhook> create(String json) {
        return ApiCall.of(Method.POST, WEBHOOKS, MadeWebhook.class).withBody(json);
    }

    /** Creates a webhook; its secret is in this answer only. */
    public static ApiCall<MadeWebhook> create(WebhookRequest request) {
        return ApiCall.of(Method.POST, WEBHOOKS, request, MadeWebhook.class);
    }

    /** Deletes the webhook: its alerts are refused from now on. */
    public static ApiCall<Webhook> delete(String name) {
        return ApiCall.of(Method.DELETE, WEBHOOKS + "/" + ApiCall.encode(name), Webhook.class);
    }

    /** An alert with the webhook's secret in its member {@code secret}. */
    public static ApiCall<PlaceAnswer> alert(String name, String alert) {
        return ApiCall.of(Method.POST, WEBHOOKS + "/" + ApiCall.encode(name), PlaceAnswer.class)
                .withBody(alert);
    }

    /** An alert with the webhook's secret in the path. */
    public static ApiCall<PlaceAnswer> alert(String name, String secret, String alert) {
        return ApiCall.of(
                        Method.POST,
                        WEBHOOKS + "/" + ApiCall.encode(name) + "/" + ApiCall.encode(secret),
                        PlaceAnswer.class)
                .withBody(alert);
    }

    /** What the webhook makes of a sample alert; nothing is ordered. */
    public static ApiCall<WebhookTrial> test(String name, String alert) {
        return ApiCall.of(Method.POST, WEBHOOKS + "/" + ApiCall.encode(name) + "/test", WebhookTrial.class)
                .withBody(alert);
    }
}
