package kr.kisgateway.gateway.webhook;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.webhook.MadeWebhook;
import kr.kisgateway.api.webhook.WebhookTrial;
import kr.kisgateway.gateway.access.SecretHash;
import kr.kisgateway.gateway.access.WebhookGatekeeper;
import kr.kisgateway.gateway.access.WebhookGatekeeper.Admission;
import kr.kisgateway.gateway.access.WebhookGatekeeper.Reason;
import kr.kisgateway.gateway.document.DocumentException;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.log.SecurityLog;
import kr.kisgateway.gateway.order.OrderRoutes;
import kr.kisgateway.gateway.webhook.WebhookCounters.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /v1/webhooks}: operators create, list, test and delete them; services send their alerts. */
public final class WebhookRoutes {
    private static final Logger SECURITY = LoggerFactory.getLogger(SecurityLog.AUDIT);
    private static final Logger LOG = LoggerFactory.getLogger("gateway.webhook");
    private static final String PATH = "/v1/webhooks";
    private static final String SCOPE = "Webhooks order for";
    private static final int DEFINITION_BYTES_MAX = 65_536;

    private final boolean enabled;
    private final Webhooks webhooks;
    private final WebhookGatekeeper gatekeeper;
    private final OrderRoutes orders;
    private final WebhookAlerts alerts;
    private final WebhookCounters counters;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param enabled whether alerts are accepted
     * @param random a cryptographically strong source
     */
    public WebhookRoutes(
            boolean enabled,
            Webhooks webhooks,
            WebhookGatekeeper gatekeeper,
            OrderRoutes orders,
            WebhookAlerts alerts,
            WebhookCounters counters,
            InstantSource clock,
            RandomGenerator random) {
        this.enabled = enabled;
        this.webhooks = webhooks;
        this.gatekeeper = gatekeeper;
        this.orders = orders;
        this.alerts = alerts;
        this.counters = counters;
        this.clock = clock;
        this.random = random;
    }

    /** Adds the calls. */
    public void register(RouteTable table) {
        table.get(Role.OPERATOR, PATH, this::list)
                .post(Role.OPERATOR, PATH, this::create)
                .delete(Role.OPERATOR, PATH + "/{name}", this::delete)
                .post(Role.OPERATOR, PATH + "/{name}/test", this::test)
                .postWithoutKey(PATH + "/{name}", call -> receive(call, Optional.empty()))
                .postWithoutKey(
                        PATH + "/{name}/{secret}", call -> receive(call, Optional.of(call.pathParameter("secret"))));
    }

    private void list(Call call) {
        call.caller().requireUnrestricted(SCOPE);
        call.answer(new kr.kisgateway.api.webhook.Webhooks(
                enabled, webhooks.all().stream().map(this::answer).toList()));
    }

    private kr.kisgateway.api.webhook.Webhook answer(Webhook webhook) {
        return Webhooks.answer(
                webhook, gatekeeper.state(webhook.definition().key()).name());
    }

    private void create(Call call) {
        Caller caller = call.caller();
        caller.requireUnrestricted(SCOPE);
        var definition = WebhookDefinition.read(call.body(DEFINITION_BYTES_MAX));
        if (gatekeeper.caller(definition.key()).isEmpty()) {
            throw keyInvalid(definition.key());
        }
        if (!gatekeeper.mayGrant(caller, definition.key())) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.FORBIDDEN, "A webhook's key must be within the limits of your own; choose another."));
        }
        String secret = WebhookGatekeeper.newSecret(random);
        var webhook =
                new Webhook(definition, SecretHash.of(secret), Instant.ofEpochMilli(clock.millis()), caller.name());
        switch (writeOrRefuse(() -> webhooks.add(webhook))) {
            case ADDED -> {}
            case NAME_TAKEN ->
                throw new RefusedException(
                        Refusal.of(ErrorCode.WEBHOOK_NAME_TAKEN, "A webhook has the name \"" + webhook.name() + "\".")
                                .with("name", webhook.name()));
            case FULL ->
                throw new RefusedException(Refusal.of(
                        ErrorCode.QUOTA_EXCEEDED,
                        "There are " + Webhooks.WEBHOOKS_MAX + " webhooks; delete one that is no longer needed."));
        }
        SECURITY.info(
                "webhook_created name={} key={} dry_run={} by={}",
                webhook.name(),
                definition.key(),
                definition.dryRun(),
                caller.name());
        String path = PATH + "/" + webhook.name() + "/" + secret;
        call.answerHeader("Cache-Control", "no-store");
        call.answer(new MadeWebhook(secret, path, call.baseUrl().map(base -> base + path), answer(webhook)));
    }

    private void delete(Call call) {
        call.caller().requireUnrestricted(SCOPE);
        var deleted = writeOrRefuse(() -> webhooks.delete(call.pathParameter("name")))
                .orElseThrow(() -> new RefusedException(
                        Refusal.of(ErrorCode.WEBHOOK_NOT_FOUND, "There is no webhook of this name.")));
        gatekeeper.release(deleted.name());
        alerts.deleted(deleted.name());
        SECURITY.info(
                "webhook_deleted name={} by={}", deleted.name(), call.caller().name());
        call.answer(answer(deleted));
    }

    /** Evaluates a sample alert as {@link #receive} would, without its secret; nothing is ordered. */
    private void test(Call call) {
        call.caller().requireUnrestricted(SCOPE);
        var definition = webhooks.find(call.pathParameter("name"))
                .orElseThrow(() -> new RefusedException(
                        Refusal.of(ErrorCode.WEBHOOK_NOT_FOUND, "There is no webhook of this name.")))
                .definition();
        var alert = call.body(definition.bytesMax());
        Map<String, String> fields = Map.of();
        Optional<String> key = Optional.empty();
        Optional<Refusal> refusal;
        try {
            fields = definition.fields(alert);
            key = Optional.of(definition.idempotencyKey(alert));
            definition.requireRecent(alert, clock.instant());
            var caller = gatekeeper.caller(definition.key()).orElseThrow(() -> keyInvalid(definition.key()));
            refusal = orders.check(caller, definition.orderBody(fields));
        } catch (RefusedException e) {
            refusal = Optional.of(e.refusal());
        }
        call.answer(new WebhookTrial(
                refusal.isEmpty() && !definition.dryRun(),
                definition.dryRun(),
                fields,
                key,
                refusal.map(it -> it.code().name()),
                refusal.map(Refusal::message)));
    }

    /** The secret in the body; none in one that cannot be read, so that such a body is answered like a wrong secret. */
    private static String secretOf(Alert alert) {
        try {
            return alert.body().valueAt(Template.SECRET).orElse("");
        } catch (RefusedException _) {
            return "";
        }
    }

    /** @param pathSecret the secret of the path; empty, it is in the body */
    private void receive(Call call, Optional<String> pathSecret) {
        var webhook = webhooks.find(call.pathParameter("name")).filter(_ -> enabled);
        var alert = new Alert(call, webhook);
        Admission admission = gatekeeper.admit(
                webhook.map(Webhook::protection), () -> pathSecret.orElseGet(() -> secretOf(alert)), call.address());
        switch (admission) {
            case Admission.Admitted(Caller caller) -> {
                call.madeBy(caller);
                order(call, webhook.orElseThrow(), alert, caller);
            }
            case Admission.Refused(Reason reason, Duration wait) -> throw refusal(webhook, reason, wait);
        }
    }

    /** The body of an alert, which is read once, and only when it is needed. */
    private static final class Alert {
        private final Call call;
        private final Optional<Webhook> webhook;
        private Optional<RequestBody> body = Optional.empty();

        private Alert(Call call, Optional<Webhook> webhook) {
            this.call = call;
            this.webhook = webhook;
        }

        private RequestBody body() {
            if (body.isEmpty()) {
                body = Optional.of(call.body(webhook.orElseThrow().definition().bytesMax()));
            }
            return body.orElseThrow();
        }
    }

    private void order(Call call, Webhook webhook, Alert received, Caller caller) {
        var definition = webhook.definition();
        try {
            RequestBody alert = received.body();
            var body = definition.orderBody(definition.fields(alert));
            String key = definition.idempotencyKey(alert);
            definition.requireRecent(alert, clock.instant());
            boolean repeated = orders.place(call, caller, body, Optional.of(key));
            counters.count(definition.dryRun() ? Outcome.CHECKED : repeated ? Outcome.REPEATED : Outcome.ORDERED);
            alerts.taken(webhook.name());
        } catch (RefusedException e) {
            Refusal refusal = e.refusal();
            counters.count(refusal.code() == ErrorCode.WEBHOOK_ALERT_EXPIRED ? Outcome.EXPIRED : Outcome.REFUSED);
            if (refusal.code() != ErrorCode.IDEMPOTENCY_IN_FLIGHT) {
                reportRefused(webhook, refusal);
            }
            throw e;
        }
    }

    private void reportRefused(Webhook webhook, Refusal refusal) {
        LOG.warn(
                "webhook_alert_refused webhook={} code={} message=\"{}\"",
                webhook.name(),
                refusal.code(),
                refusal.message());
        alerts.refused(webhook.name(), refusal.code() + ": " + refusal.message());
    }

    private RefusedException refusal(Optional<Webhook> webhook, Reason reason, Duration wait) {
        String name = webhook.map(Webhook::name).orElse("");
        return switch (reason) {
            case UNKNOWN -> {
                counters.count(Outcome.UNKNOWN);
                webhook.ifPresentOrElse(it -> alerts.intruder(it.name()), alerts::unknownWebhook);
                yield new RefusedException(Refusal.of(
                        ErrorCode.WEBHOOK_NOT_FOUND,
                        "There is no such webhook, its secret is wrong, or this address may not use it."));
            }
            case LOCKED_OUT -> {
                counters.count(Outcome.LOCKED_OUT);
                yield new RefusedException(
                        Refusal.of(ErrorCode.LOCKED_OUT, "Too many alerts with a wrong secret came from here; wait.")
                                .retryAfter(wait));
            }
            case FLOOD -> {
                counters.count(Outcome.FLOOD);
                alerts.flood(name);
                yield new RefusedException(Refusal.of(
                                ErrorCode.QUOTA_EXCEEDED,
                                "More alerts than the webhook accepts; nothing was ordered for this one.")
                        .retryAfter(wait));
            }
            case KEY -> {
                counters.count(Outcome.REFUSED);
                var refused = keyInvalid(webhook.orElseThrow().definition().key());
                reportRefused(webhook.orElseThrow(), refused.refusal());
                yield refused;
            }
        };
    }

    private static RefusedException keyInvalid(String key) {
        return new RefusedException(Refusal.of(
                        ErrorCode.WEBHOOK_KEY_INVALID,
                        "The key \"" + key
                                + "\" does not exist, is not valid any more, may not order, or not from this address;"
                                + " nothing was ordered.")
                .with("field", "key"));
    }

    private static <T> T writeOrRefuse(Supplier<T> work) {
        try {
            return work.get();
        } catch (DocumentException e) {
            LOG.error("webhooks_not_written cause=\"{}\"", e.getMessage());
            throw new RefusedException(Refusal.of(
                    ErrorCode.WEBHOOKS_UNAVAILABLE,
                    "The webhooks cannot be written now, nothing changed; see the gateway's log."));
        }
    }
}
