package kr.kisgateway.gateway.kis;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.RealtimePool;
import kr.kisgateway.client.SessionPlan;

/**
 * The clients of all app keys. The first trades, hears the execution notices and answers for the account; prices are asked
 * with whichever has most of its call budget left, and registrations go to whichever socket has most room.
 */
public final class KisAppKeys {
    /**
     * One app key.
     *
     * @param id its name in settings and answers, K1 for the first
     * @param plan when what is registered on its socket
     * @param notices how many of its registrations execution notices have
     */
    public record AppKey(String id, KisClient client, SessionPlan plan, int notices) {}

    private final List<AppKey> keys;
    private final RealtimePool pool;

    /** @param keys the one that trades first */
    public KisAppKeys(List<AppKey> keys) {
        this.keys = List.copyOf(keys);
        this.pool = new RealtimePool(
                keys.stream().map(key -> key.client().realtime()).toList());
    }

    public List<AppKey> all() {
        return keys;
    }

    /** The one that trades. */
    public KisClient primary() {
        return keys.getFirst().client();
    }

    /** The one to ask next: with a token, and with the most of its call budget left. */
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

    /** Questions in the last lane that all of them together can be asked each second while nobody else asks. */
    public int callsPerSecond() {
        return keys.stream()
                .mapToInt(key -> key.client().budget().historyPerSecond())
                .sum();
    }

    /** The sockets as one. */
    RealtimePool pool() {
        return pool;
    }

    /** Those whose sockets take registrations of {@code group} at {@code now}. */
    List<AppKey> openKeys(SessionPlan.Group group, Instant now) {
        return keys.stream().filter(key -> key.plan().open(now).contains(group)).toList();
    }

    /** When the next of them opens or closes its window; empty when none ever does. */
    Optional<Instant> nextChange(InstantSource clock) {
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
