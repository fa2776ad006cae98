package kr.kisgateway.gateway.webhook;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.access.SecretHash;
import kr.kisgateway.gateway.document.Document;
import kr.kisgateway.gateway.document.DocumentException;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.json.ApiValues;

/**
 * All webhooks, in memory and in a document, which is created with the first one and replaced completely with each change.
 */
public final class Webhooks {
    /** Maximum number of webhooks. */
    static final int WEBHOOKS_MAX = 100;

    private static final int FORMAT = 1;

    private final Document document;
    /** Guards a change of the document; readers use the map. */
    private final Object change = new Object();

    private volatile Map<String, Webhook> byName;

    private Webhooks(Document document, Map<String, Webhook> byName) {
        this.document = document;
        this.byName = byName;
    }

    /**
     * The webhooks of a document; none when it has no content.
     *
     * @throws DocumentException when it cannot be read, or is damaged
     */
    public static Webhooks open(Document document) {
        return new Webhooks(
                document,
                document.read().map(content -> read(document, content)).orElseGet(Map::of));
    }

    private static Map<String, Webhook> read(Document document, byte[] content) {
        try {
            var root = RequestBody.parse(content);
            if (root.wholeNumber("format") != FORMAT) {
                throw new DocumentException(
                        "The webhooks in " + document.description() + " are of another release; use that release.",
                        new IllegalStateException("format"));
            }
            var byName = new TreeMap<String, Webhook>();
            if (root.has("webhooks") && root.wholeNumber("count") > 0) {
                for (RequestBody entry : root.objects("webhooks", WEBHOOKS_MAX)) {
                    var webhook = read(entry);
                    byName.put(webhook.name(), webhook);
                }
            }
            return java.util.Collections.unmodifiableMap(byName);
        } catch (RefusedException | IllegalArgumentException | java.time.DateTimeException e) {
            throw new DocumentException(
                    "The webhooks in " + document.description() + " cannot be read: " + e.getMessage() + " "
                            + document.remedy(),
                    e);
        }
    }

    private static Webhook read(RequestBody entry) {
        return new Webhook(
                WebhookDefinition.read(
                        entry.optionalObject("definition").orElseThrow(() -> RequestBody.missing("definition"))),
                SecretHash.ofHex(entry.text("secret_sha256")),
                Instant.parse(entry.text("created_at")),
                entry.text("created_by"));
    }

    Optional<Webhook> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All, by name. */
    List<Webhook> all() {
        return List.copyOf(byName.values());
    }

    /** Result of adding a webhook. */
    enum Added {
        ADDED,
        NAME_TAKEN,
        /** There are {@link #WEBHOOKS_MAX}. */
        FULL
    }

    /**
     * Adds a webhook; it is durable when this returns.
     *
     * @throws DocumentException when the document cannot be written; nothing changed
     */
    Added add(Webhook webhook) {
        synchronized (change) {
            var next = new TreeMap<>(byName);
            if (next.size() >= WEBHOOKS_MAX) {
                return Added.FULL;
            }
            if (next.putIfAbsent(webhook.name(), webhook) != null) {
                return Added.NAME_TAKEN;
            }
            replace(next);
            return Added.ADDED;
        }
    }

    /**
     * Deletes a webhook.
     *
     * @return the deleted one; empty when there is none of that name
     * @throws DocumentException when the document cannot be written; nothing changed
     */
    Optional<Webhook> delete(String name) {
        synchronized (change) {
            var next = new TreeMap<>(byName);
            var deleted = Optional.ofNullable(next.remove(name));
            deleted.ifPresent(_ -> replace(next));
            return deleted;
        }
    }

    private void replace(TreeMap<String, Webhook> next) {
        var root = new LinkedHashMap<String, Object>();
        root.put("format", FORMAT);
        root.put("count", next.size());
        root.put("webhooks", next.values().stream().map(Webhooks::stored).toList());
        document.replace(ApiJson.bytes(root));
        byName = java.util.Collections.unmodifiableMap(next);
    }

    private static Map<String, Object> stored(Webhook webhook) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("definition", webhook.definition().toRequest());
        entry.put("secret_sha256", webhook.secret().hex());
        entry.put("created_at", webhook.createdAt().toString());
        entry.put("created_by", webhook.createdBy());
        return entry;
    }

    /** A webhook as the API answers it. */
    static kr.kisgateway.api.webhook.Webhook answer(Webhook webhook, String keyState) {
        var definition = webhook.definition();
        return new kr.kisgateway.api.webhook.Webhook(
                definition.name(),
                definition.key(),
                keyState,
                definition.orderTexts(),
                definition.values(),
                definition.id().text(),
                definition.time().text(),
                definition.replayWindow().toSeconds(),
                definition.networkTexts(),
                definition.perMinute(),
                definition.bytesMax(),
                definition.dryRun(),
                ApiValues.time(webhook.createdAt()),
                webhook.createdBy());
    }
}
