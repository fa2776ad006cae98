package kr.kisgateway.gateway.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import kr.kisgateway.gateway.secret.SigningKey;
import kr.kisgateway.market.TradingCalendar;

/**
 * Moves complete months into sealed files, and removes these after seven years. Each step leaves a state from which the next start
 * continues: the file is complete before the store knows of it, the store knows of it before it removes rows, and it knows that a
 * file is removed before the file is.
 *
 * <p>A month is sealed when the month after it is over, so that the last one or two months are in the store. The clock may be set
 * back: a row belongs to the month of the latest row before it, never to one that is sealed already. A clock set ahead by mistake
 * must not remove anything: a file is removed a day after it was found to be old enough, if it still is.
 */
final class AuditArchiver {
    /** How long a row is kept, from the end of its month. */
    static final int KEEP_MONTHS = 7 * 12;

    private static final Duration REMOVAL_DELAY = Duration.ofDays(1);
    private static final int STEP = 2_000;

    private final AuditFiles files;
    private final AuditStore store;
    private final SigningKey key;
    private final InstantSource clock;
    private final List<YearMonth> removed = new ArrayList<>();
    private Optional<Long> broken = Optional.empty();

    AuditArchiver(AuditFiles files, AuditStore store, SigningKey key, InstantSource clock) {
        this.files = files;
        this.store = store;
        this.key = key;
        this.clock = clock;
    }

    /** @param meanwhile runs between two steps and returns whether to continue */
    void run(BooleanSupplier meanwhile) {
        Instant now = clock.instant();
        var present = month(now);
        try {
            removeSealed(meanwhile);
            while (sealNext(present, meanwhile)) {
                removeSealed(meanwhile);
            }
            removeOld(now, present);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The row at which the chain is broken, so that its month was not sealed. */
    Optional<Long> broken() {
        return broken;
    }

    /** The months whose files were removed. */
    List<YearMonth> removed() {
        return List.copyOf(removed);
    }

    static YearMonth month(Instant at) {
        return YearMonth.from(at.atZone(TradingCalendar.SEOUL));
    }

    /** Seals the oldest month that is over for a month; false when there is none. */
    private boolean sealNext(YearMonth present, BooleanSupplier meanwhile) throws IOException {
        var seals = store.seals();
        long after = seals.isEmpty() ? 0 : seals.getLast().last();
        byte[] before = seals.isEmpty() ? AuditStore.START : seals.getLast().after();
        var oldest = store.rowsAfter(after, 1);
        if (oldest.isEmpty()) {
            return false;
        }
        var sealed = seals.isEmpty()
                ? Optional.<YearMonth>empty()
                : Optional.of(seals.getLast().month());
        YearMonth first = month(oldest.getFirst().entry().at());
        YearMonth month = sealed.filter(it -> !first.isAfter(it))
                .map(it -> it.plusMonths(1))
                .orElse(first);
        if (!month.plusMonths(1).isBefore(present)) {
            return false;
        }
        return seal(month, after, before, meanwhile);
    }

    private boolean seal(YearMonth month, long after, byte[] before, BooleanSupplier meanwhile) throws IOException {
        try (var part = files.newPart()) {
            long last = after;
            byte[] hash = before;
            boolean over = false;
            while (!over) {
                if (!meanwhile.getAsBoolean()) {
                    return false;
                }
                var rows = store.rowsAfter(last, STEP);
                over = rows.isEmpty();
                for (var row : rows) {
                    if (month(row.entry().at()).isAfter(month)) {
                        over = true;
                        break;
                    }
                    if (row.seq() != last + 1 || !row.follows(hash)) {
                        broken = Optional.of(last + 1);
                        return false;
                    }
                    part.add(row);
                    last = row.seq();
                    hash = row.hash();
                }
            }
            var seal = AuditSeal.of(month, after + 1, last, before, hash, part.complete(), clock.instant(), key);
            part.publish(seal);
            store.add(seal);
            return true;
        }
    }

    private void removeSealed(BooleanSupplier meanwhile) {
        var seals = store.seals();
        if (seals.isEmpty()) {
            return;
        }
        boolean some = false;
        while (store.removeThrough(seals.getLast().last(), STEP) > 0 && meanwhile.getAsBoolean()) {
            some = true;
        }
        if (some) {
            store.shrink();
        }
    }

    private void removeOld(Instant now, YearMonth present) throws IOException {
        for (var seal : store.seals()) {
            if (seal.removedAt().isPresent()) {
                files.remove(seal);
                continue;
            }
            boolean old = seal.month().plusMonths(KEEP_MONTHS).isBefore(present);
            var due = store.dueSince(seal.month());
            if (!old) {
                due.ifPresent(_ -> store.markDue(seal.month(), Optional.empty()));
            } else if (due.isEmpty()) {
                store.markDue(seal.month(), Optional.of(now));
            } else if (!now.isBefore(due.get().plus(REMOVAL_DELAY))) {
                store.markRemoved(seal.month(), now);
                files.remove(seal);
                removed.add(seal.month());
            }
        }
    }
}
