package kr.kisgateway.gateway.webhook;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.webhook.WebhookRequest;
import kr.kisgateway.gateway.access.Network;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.market.NearestWord;

/**
 * What a webhook makes of an alert, and which alerts it accepts.
 *
 * @param key name of the API key as which it orders
 * @param order template of each field of an order
 * @param values accepted words of a field, with what each stands for
 * @param id template of the alert's own id
 * @param time template of the alert's time
 */
record WebhookDefinition(
        String name,
        String key,
        Map<String, Template> order,
        Map<String, Map<String, String>> values,
        Template id,
        Template time,
        Duration replayWindow,
        List<Network> networks,
        int perMinute,
        int bytesMax,
        boolean dryRun) {
    private static final Set<String> MEMBERS = Set.of(
            "name",
            "key",
            "order",
            "values",
            "id",
            "time",
            "replay_window_sec",
            "networks",
            "per_minute",
            "bytes_max",
            "dry_run");
    private static final List<String> REQUIRED = List.of("account_id", "symbol", "side", "qty");
    private static final Set<String> ORDER_FIELDS = Set.of(
            "account_id",
            "symbol",
            "side",
            "qty",
            "order_type",
            "session",
            "time_in_force",
            "price",
            "stop_price",
            "venue",
            "strategy_id");
    private static final Set<String> NUMBERS = Set.of("qty", "price", "stop_price");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,19}(\\.[0-9]{1,10})?");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,39}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{10}");
    private static final Pattern MILLIS = Pattern.compile("[0-9]{13}");
    private static final int NETWORKS_MAX = 100;
    private static final int WORDS_MAX = 100;
    private static final int WINDOW_MAX_SECONDS = 3_600;
    private static final int WINDOW_SECONDS = 60;
    private static final int PER_MINUTE_MAX = 600;
    private static final int PER_MINUTE = 30;
    private static final int BYTES_MIN = 64;
    private static final int BYTES_MAX = 65_536;
    private static final int BYTES = 4_096;

    WebhookDefinition {
        order = java.util.Collections.unmodifiableMap(new TreeMap<>(order));
        values = java.util.Collections.unmodifiableMap(new TreeMap<>(values));
        networks = List.copyOf(networks);
    }

    /**
     * Reads a definition.
     *
     * @throws RefusedException naming the field of the error, and in a template its position
     */
    static WebhookDefinition read(RequestBody body) {
        body.requireOnly(MEMBERS);
        String name = body.text("name");
        if (!NAME.matcher(name).matches()) {
            throw RequestBody.invalid(
                    "name",
                    "must have 1 to 40 of a-z, 0-9, dot, underscore and dash, and begin with a letter or digit");
        }
        var networks = new ArrayList<Network>();
        for (String text : body.texts("networks", NETWORKS_MAX)) {
            networks.add(Network.parse(text)
                    .orElseThrow(() -> RequestBody.invalid(
                            "networks", "must be IP addresses or ranges of them, as 192.0.2.7 or 10.0.0.0/8")));
        }
        Map<String, Template> order = order(body);
        Template id = Template.parse("id", body.text("id"));
        Template time = Template.parse("time", body.text("time"));
        requireVariable("id", id);
        requireVariable("time", time);
        return new WebhookDefinition(
                name,
                body.text("key"),
                order,
                values(body, order),
                id,
                time,
                Duration.ofSeconds(count(body, "replay_window_sec", WINDOW_SECONDS, 1, WINDOW_MAX_SECONDS)),
                networks,
                count(body, "per_minute", PER_MINUTE, 1, PER_MINUTE_MAX),
                count(body, "bytes_max", BYTES, BYTES_MIN, BYTES_MAX),
                body.optionalFlag("dry_run").orElse(false));
    }

    private static void requireVariable(String field, Template template) {
        if (!template.isVariable()) {
            throw RequestBody.invalid(
                    field, "must have a value of the alert, as {/" + field + "}: it differs by alert");
        }
    }

    private static int count(RequestBody body, String field, int absent, int min, int max) {
        long count = body.optionalWholeNumber(field).orElse(absent);
        if (count < min || count > max) {
            throw RequestBody.invalid(field, "must be from " + min + " to " + max);
        }
        return (int) count;
    }

    private static Map<String, Template> order(RequestBody body) {
        RequestBody fields = body.optionalObject("order")
                .orElseThrow(() -> RequestBody.missing("order"))
                .requireOnly(ORDER_FIELDS);
        var order = new LinkedHashMap<String, Template>();
        for (String field : fields.names()) {
            String text = fields.text(field);
            var template = Template.parse("order." + field, text);
            order.put(field, template);
        }
        for (String field : REQUIRED) {
            if (!order.containsKey(field)) {
                throw RequestBody.missing("order." + field);
            }
        }
        return order;
    }

    private static Map<String, Map<String, String>> values(RequestBody body, Map<String, Template> order) {
        var values = new LinkedHashMap<String, Map<String, String>>();
        body.optionalObject("values").map(it -> it.requireOnly(order.keySet())).ifPresent(fields -> {
            for (String field : fields.names()) {
                RequestBody words =
                        fields.optionalObject(field).orElseThrow(() -> RequestBody.missing("values." + field));
                if (words.names().isEmpty() || words.names().size() > WORDS_MAX) {
                    throw RequestBody.invalid("values." + field, "must have 1 to " + WORDS_MAX + " words");
                }
                var meanings = new TreeMap<String, String>();
                words.names().forEach(word -> meanings.put(word, words.text(word)));
                values.put(field, java.util.Collections.unmodifiableMap(meanings));
            }
        });
        return values;
    }

    /** The request that creates it, for storage. */
    WebhookRequest toRequest() {
        return new WebhookRequest(
                name,
                key,
                orderTexts(),
                Optional.of(values),
                id.text(),
                time.text(),
                OptionalLong.of(replayWindow.toSeconds()),
                Optional.of(networkTexts()),
                OptionalLong.of(perMinute),
                OptionalLong.of(bytesMax),
                Optional.of(dryRun));
    }

    Map<String, String> orderTexts() {
        var texts = new TreeMap<String, String>();
        order.forEach((field, template) -> texts.put(field, template.text()));
        return texts;
    }

    List<String> networkTexts() {
        return networks.stream().map(Network::text).toList();
    }

    /**
     * The fields of the order that an alert requests.
     *
     * @throws RefusedException naming what is missing in the alert, or unknown
     */
    Map<String, String> fields(RequestBody alert) {
        var fields = new TreeMap<String, String>();
        order.forEach((field, template) -> {
            String text = template.render("order." + field, alert);
            var words = values.get(field);
            if (words != null) {
                text = meaning(field, text, words);
            }
            fields.put(field, field.equals("symbol") ? ChartSymbol.code(text) : text);
        });
        return fields;
    }

    private static String meaning(String field, String text, Map<String, String> words) {
        String meaning = words.get(text);
        if (meaning == null) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.INVALID_FIELD,
                            "The alert's " + field + " is none of " + String.join(", ", words.keySet())
                                    + NearestWord.ending(text, List.copyOf(words.keySet())) + ".")
                    .with("field", field));
        }
        return meaning;
    }

    /** The body of {@code POST /v1/orders} with these fields. */
    RequestBody orderBody(Map<String, String> fields) {
        var body = new LinkedHashMap<String, Object>();
        fields.forEach((field, text) -> body.put(
                field, NUMBERS.contains(field) && NUMBER.matcher(text).matches() ? new BigDecimal(text) : text));
        if (dryRun) {
            body.put("dry_run", true);
        }
        return RequestBody.parse(ApiJson.bytes(body));
    }

    /**
     * The idempotency key of an alert's order: the same for the same id, also after a restart.
     *
     * @throws RefusedException when the alert has no id
     */
    String idempotencyKey(RequestBody alert) {
        return "webhook-" + name + "-" + sha256(id.render("id", alert));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Refuses an alert whose time is too far from the gateway's.
     *
     * @throws RefusedException with {@code WEBHOOK_ALERT_EXPIRED}, or naming a time that is none
     */
    void requireRecent(RequestBody alert, Instant now) {
        Instant at = instant(time.render("time", alert));
        if (Duration.between(at, now).abs().compareTo(replayWindow) > 0) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.WEBHOOK_ALERT_EXPIRED,
                            "The alert is of " + at + ", more than " + replayWindow.toSeconds()
                                    + " s from the gateway's " + "time; nothing was ordered.")
                    .with("field", "time"));
        }
    }

    private static Instant instant(String text) {
        try {
            if (SECONDS.matcher(text).matches()) {
                return Instant.ofEpochSecond(Long.parseLong(text));
            }
            return MILLIS.matcher(text).matches()
                    ? Instant.ofEpochMilli(Long.parseLong(text))
                    : ApiValues.time(text).orElseThrow(() -> new DateTimeException("no time: " + text));
        } catch (DateTimeException e) {
            throw RequestBody.invalid(
                    "time", "must be a time with offset, as 2026-11-20T09:00:05Z, or epoch seconds or milliseconds");
        }
    }
}
