package kr.kisgateway.gateway.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.audit.AuditVerifier.CopyReport;
import kr.kisgateway.gateway.audit.SharedAuditStore.Chain;
import kr.kisgateway.gateway.audit.SharedAuditStore.Place;
import kr.kisgateway.gateway.database.StoreDatabase;

/**
 * The audits of gateways in the database that they share, as the {@link AuditCopier} of each copied them. Thread-safe: each use has a
 * connection of its own.
 */
public final class SharedAudit implements AuditPages {
    private static final int STEP = 5_000;
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

    private final StoreDatabase database;

    public SharedAudit(StoreDatabase database) {
        this.database = database;
    }

    /** The names of all gateways with rows. */
    public List<String> gateways() {
        return read(SharedAuditStore::gateways, List.of());
    }

    @Override
    public Page recent(AuditFilter filter, Optional<String> cursor, int limit) {
        var before = cursor.map(SharedAudit::place).orElse(Place.END);
        var found = read(store -> store.search(filter, before, limit + 1), List.<SharedAuditStore.Placed>of());
        var next = found.size() > limit ? Optional.of(found.get(limit - 1).place()) : Optional.<Place>empty();
        return new Page(
                found.stream()
                        .limit(limit)
                        .map(it -> new Found(Optional.of(it.gateway()), it.row()))
                        .toList(),
                next.map(it -> it.atMillis() + "-" + it.id()),
                Optional.empty());
    }

    private static Place place(String cursor) {
        var matcher = CURSOR.matcher(cursor);
        if (!matcher.matches()) {
            throw new UnknownCursorException();
        }
        return new Place(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    /** The audit of the gateway of that name, which need not exist any more. */
    public Copy of(String gateway) {
        return new Copy(gateway);
    }

    /** The audit of one gateway: a chain, and a further one for each time that its data folder was another one. */
    public final class Copy implements AuditRows {
        private final String gateway;

        private Copy(String gateway) {
            this.gateway = gateway;
        }

        @Override
        public long all(AuditFilter filter, Consumer<AuditRow> reader) {
            return read(
                    store -> oldestFirst(store).stream()
                            .mapToLong(chain -> all(store, chain, filter, reader))
                            .sum(),
                    0L);
        }

        private long all(SharedAuditStore store, Chain chain, AuditFilter filter, Consumer<AuditRow> reader) {
            long found = 0;
            long end = chain.last().seq();
            var next = store.next(chain, chain.before().seq());
            while (next.isPresent() && next.getAsLong() <= end) {
                long after = next.getAsLong() - 1;
                long last = after > end - STEP ? end : after + STEP;
                var rows = store.rowsBetween(chain, filter, after, last);
                rows.forEach(reader);
                found += rows.size();
                next = store.next(chain, last);
            }
            return found;
        }

        /** Verifies each of its chains for itself, the one with the newest row last. */
        public List<CopyReport> verify(Instant now) {
            return read(
                    store -> {
                        var reports = new ArrayList<CopyReport>();
                        for (var chain : oldestFirst(store)) {
                            if (chain.last().seq() > chain.before().seq()) {
                                reports.add(AuditVerifier.verify(store.chain(chain), chain.before(), now));
                            }
                        }
                        return List.copyOf(reports);
                    },
                    List.of());
        }

        private List<Chain> oldestFirst(SharedAuditStore store) {
            return store.chainsOf(gateway).reversed();
        }
    }

    private <T> T read(Function<SharedAuditStore, T> reader, T nothing) {
        var opened = SharedAuditStore.openForReading(database);
        if (opened.isEmpty()) {
            return nothing;
        }
        try (var store = opened.get()) {
            return reader.apply(store);
        }
    }
}
