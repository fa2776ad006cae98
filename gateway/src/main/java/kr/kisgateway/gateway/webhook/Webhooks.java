package kr.kisgateway.gateway.webhook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.access.SecretHash;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.file.AtomicFile;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.json.ApiValues;

/**
 * All webhooks, in memory and in {@code webhooks.json} of the data folder, which is created with the first one, readable by its
 * owner only, and replaced completely with each change.
 */
public final class Webhooks {
    /** Maximum number of webhooks. */
    static final int WEBHOOKS_MAX = 100;

    private static final int FORMAT = 1;

    private final Path file;
    /** Guards a change of the file; readers use the map. */
    private final Object change = new Object();

    private volatile Map<String, Webhook> byName;

    /** The file cannot be read or written. */
    public static final class WebhookFileException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WebhookFileException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private Webhooks(Path file, Map<String, Webhook> byName) {
        this.file = file;
        this.byName = byName;
    }

    /**
     * The webhooks of a file; none when it does not exist.
     *
     * @throws WebhookFileException when it cannot be read, or is damaged
     */
    public static Webhooks open(Path file) {
        if (Files.notExists(file)) {
            return new Webhooks(file, Map.of());
        }
        try {
            var root = RequestBody.parse(Files.readAllBytes(file));
            if (root.wholeNumber("format") != FORMAT) {
                throw new WebhookFileException(
                        "The webhooks in " + file + " are of another release; use that release.",
                        new IOException("format"));
            }
            var byName = new TreeMap<String, Webhook>();
            if (root.has("webhooks") && root.wholeNumber("count") > 0) {
                for (RequestBody entry : root.objects("webhooks", WEBHOOKS_MAX)) {
                    var webhook = read(entry);
                    byName.put(webhook.name(), webhook);
                }
            }
            return new Webhooks(file, java.util.Collections.unmodifiableMap(byName));
        } catch (IOException | RefusedException | IllegalArgumentException | java.time.DateTimeException e) {
            throw new WebhookFileException(
                    "The webhooks in " + file + " cannot be read: " + e.getMessage()
                            + " Correct the file, or move it away and create them again.",
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
     * @throws WebhookFileException when the file cannot be written; nothing changed
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
     * @throws WebhookFileException when the file cannot be written; nothing changed
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
        try {
            AtomicFile.writeForOwner(file, ApiJson.bytes(root));
        } catch (IOException e) {
            throw new WebhookFileException("The webhooks cannot be written to " + file + ": " + e, e);
        }
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
