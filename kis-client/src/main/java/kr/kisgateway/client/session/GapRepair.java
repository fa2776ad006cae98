package kr.kisgateway.client.session;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import kr.kisgateway.client.GapCause;
import kr.kisgateway.client.GapRestored;
import kr.kisgateway.client.KisAnswer;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.wire.RealtimeKey;

/**
 * Requests by REST the current value of what a gap left out, one call after the other through the call budget. Which call
 * replaces which TR is data ({@code restores.tsv}). A key with another gap while it waits is requested once.
 */
final class GapRepair implements AutoCloseable {
    /** The REST call of the current value, with its parameters. */
    record RestoreQuery(String call, Map<String, String> parameters) {}

    private record Gap(Instant from, Instant to, GapCause cause) {
        Gap mergeWith(Gap later) {
            return new Gap(from, later.to, later.cause);
        }
    }

    static final int WAITING_MAX = 1_000;
    private static final int OVERSEAS_PREFIX = 4;

    private final BiFunction<String, Map<String, String>, KisReply<KisAnswer>> restCall;
    private final Consumer<GapRestored> onRestored;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<RealtimeKey, Gap> waiting = new LinkedHashMap<>();
    private boolean running;
    private boolean closed;

    /** @param onRestored must not block */
    GapRepair(BiFunction<String, Map<String, String>, KisReply<KisAnswer>> restCall, Consumer<GapRestored> onRestored) {
        this.restCall = restCall;
        this.onRestored = onRestored;
    }

    /** Requests {@code keys} in the background. */
    void add(Set<RealtimeKey> keys, Instant from, Instant to, GapCause cause) {
        lock.lock();
        try {
            for (RealtimeKey key : keys) {
                if (waiting.containsKey(key) || waiting.size() < WAITING_MAX) {
                    waiting.merge(key, new Gap(from, to, cause), Gap::mergeWith);
                } else {
                    onRestored.accept(
                            new GapRestored(key, from, to, cause, notRestorable("too many gaps wait already", true)));
                }
            }
            if (!running && !closed && !waiting.isEmpty()) {
                running = true;
                Thread.ofVirtual().name("kis-restore").start(this::run);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sends no further request. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (var next = next(); next.isPresent(); next = next()) {
            RealtimeKey key = next.get().getKey();
            Gap gap = next.get().getValue();
            onRestored.accept(new GapRestored(key, gap.from(), gap.to(), gap.cause(), requestPresent(key)));
        }
    }

    private Optional<Map.Entry<RealtimeKey, Gap>> next() {
        lock.lock();
        try {
            Optional<Map.Entry<RealtimeKey, Gap>> first =
                    waiting.entrySet().stream().findFirst().map(entry -> Map.entry(entry.getKey(), entry.getValue()));
            first.ifPresent(entry -> waiting.remove(entry.getKey()));
            running = first.isPresent();
            return first;
        } finally {
            lock.unlock();
        }
    }

    private KisReply<KisAnswer> requestPresent(RealtimeKey key) {
        if (SessionCore.isNotice(key)) {
            return notRestorable("notices are not repeated: read the orders of the day", false);
        }
        return restoreQuery(key)
                .map(query -> restCall.apply(query.call(), query.parameters()))
                .orElseGet(() -> notRestorable("no REST call replaces " + key.trId(), false));
    }

    private static KisReply<KisAnswer> notRestorable(String why, boolean retryable) {
        return new KisReply.Failed<>(KisFailure.of(
                KisFailure.Kind.UNSUPPORTED, why, "request the data that this program needs by REST", retryable));
    }

    /** The query for {@code key}; empty when no REST call replaces it. */
    static Optional<RestoreQuery> restoreQuery(RealtimeKey key) {
        return Optional.ofNullable(loadTable().get(key.trId())).map(line -> {
            var parameters = new LinkedHashMap<String, String>();
            for (String pair : line[2].split("&")) {
                String[] parts = pair.split("=", 2);
                parameters.put(parts[0], fill(parts[1], key.trKey()));
            }
            return new RestoreQuery(line[1], parameters);
        });
    }

    /** The table; read for each query, because gaps are rare and calls cost a hundred times as much. */
    static Map<String, String[]> loadTable() {
        var table = new HashMap<String, String[]>();
        try (var in = new BufferedReader(new InputStreamReader(
                Optional.ofNullable(GapRepair.class.getResourceAsStream("restores.tsv"))
                        .orElseThrow(),
                StandardCharsets.UTF_8))) {
            in.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .forEach(line -> table.put(line[0], line));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return table;
    }

    private static String fill(String template, String key) {
        return switch (template) {
            case "{key}" -> key;
            case "{exchange}" -> key.substring(1, Math.min(OVERSEAS_PREFIX, key.length()));
            case "{symbol}" -> key.substring(Math.min(OVERSEAS_PREFIX, key.length()));
            default -> template;
        };
    }
}
