package kr.kisgateway.gateway.kis.auth;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.RealtimePool;
import kr.kisgateway.client.SessionPlan;

/**
 * The clients of all app keys. The first serves the first account, others those that the settings assign to them; prices are requested
 * with the key with the most call budget left, and registrations go to the socket with the most free slots.
 */
public final class KisAppKeys {
    /**
     * One app key.
     *
     * @param id its name in settings and answers, K1 for the first
     * @param plan hours of the registrations on its socket
     * @param notices how many of its registrations are for execution notices
     */
    public record AppKey(String id, KisClient client, SessionPlan plan, int notices) {}

    private final List<AppKey> keys;
    private final RealtimePool pool;

    /** @param keys the trading key first */
    public KisAppKeys(List<AppKey> keys) {
        this.keys = List.copyOf(keys);
        this.pool = new RealtimePool(
                keys.stream().map(key -> key.client().realtime()).toList());
    }

    public List<AppKey> all() {
        return keys;
    }

    /** The client of the app key {@code id}. */
    public KisClient find(String id) {
        return keys.stream()
                .filter(key -> key.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no app key " + id))
                .client();
    }

    /** The client that trades. */
    public KisClient primary() {
        return keys.getFirst().client();
    }

    /** The client for the next request: with a token, and with the most call budget left. */
    public KisClient leastLoaded() {
        if (keys.size() == 1) {
            return primary();
        }
        return keys.stream()
                .map(AppKey::client)
                .filter(client -> client.tokenExpiresAt().isPresent())
                .max(Comparator.comparingInt(KisAppKeys::spareCalls))
                .orElseGet(this::primary);
    }

    /** Requests per second of all keys in the last lane, without other traffic. */
    public int callsPerSecond() {
        return keys.stream()
                .mapToInt(key -> key.client().budget().historyPerSecond())
                .sum();
    }

    /** The sockets of all keys as one. */
    public RealtimePool pool() {
        return pool;
    }

    /** Keys whose sockets take registrations of {@code group} at {@code now}. */
    public List<AppKey> openKeys(SessionPlan.Group group, Instant now) {
        return keys.stream().filter(key -> key.plan().open(now).contains(group)).toList();
    }

    /** When a key next opens or closes its window; empty when none ever does. */
    public Optional<Instant> nextChange(InstantSource clock) {
        return keys.stream()
                .flatMap(key -> key.plan().nextChange(clock.instant()).stream())
                .min(Comparator.naturalOrder());
    }

    private static int spareCalls(KisClient client) {
        var state = client.budget().state();
        int waiting =
                state.waiting().values().stream().mapToInt(Integer::intValue).sum();
        return state.limit() - state.usedLastSecond() - waiting;
    }
}
