package kr.kisgateway.gateway.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import kr.kisgateway.market.TradingCalendar;

/** Finds rows in the audit of a folder. A gateway may run meanwhile. */
public final class AuditSearch {
    private static final int STEP = 2_000;

    private final AuditFiles files;

    public AuditSearch(Path folder) {
        this.files = new AuditFiles(folder);
    }

    /** Whether {@code folder} has an audit. */
    public static boolean existsIn(Path folder) {
        return Files.exists(folder.resolve(AuditStore.NAME));
    }

    /**
     * A page.
     *
     * @param rows the newest first
     * @param sealedThrough the last month that is in a sealed file
     */
    public record Page(List<AuditRow> rows, Optional<YearMonth> sealedThrough) {}

    /** At most {@code limit} rows of the store before the row {@code before}; sealed files are not searched. */
    public Page recent(AuditFilter filter, long before, int limit) {
        if (!Files.exists(files.store())) {
            return new Page(List.of(), Optional.empty());
        }
        try (var store = AuditStore.openForReading(files.store())) {
            return new Page(
                    store.search(filter, before, limit),
                    store.seals().stream().reduce((_, later) -> later).map(AuditSeal::month));
        }
    }

    /**
     * Passes all rows that {@code filter} accepts to {@code reader}, the oldest first, those of sealed files included.
     *
     * @return how many there are
     */
    public long all(AuditFilter filter, Consumer<AuditRow> reader) {
        long[] found = {0};
        Consumer<AuditRow> accepted = row -> {
            if (filter.accepts(row.entry())) {
                found[0]++;
                reader.accept(row);
            }
        };
        try (var store = AuditStore.openForReading(files.store())) {
            store.freeze();
            long seq = 0;
            for (var seal : store.seals()) {
                if (seal.removedAt().isEmpty() && mayContain(seal, filter)) {
                    files.read(seal, accepted);
                }
                seq = seal.last();
            }
            for (var rows = store.rowsAfter(seq, STEP); !rows.isEmpty(); rows = store.rowsAfter(seq, STEP)) {
                rows.forEach(accepted);
                seq = rows.getLast().seq();
            }
            return found[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last {@code limit} rows that {@code filter} accepts, the oldest first, those of sealed files included. */
    public List<AuditRow> last(AuditFilter filter, int limit) {
        var last = new ArrayDeque<AuditRow>();
        all(filter, row -> {
            if (last.size() == limit) {
                last.removeFirst();
            }
            last.addLast(row);
        });
        return new ArrayList<>(last);
    }

    /** A file has no row of a later month; one of an earlier month only after the clock was set back. */
    private static boolean mayContain(AuditSeal seal, AuditFilter filter) {
        var end = seal.month().plusMonths(1).atDay(1).atStartOfDay(TradingCalendar.SEOUL);
        return filter.from().map(from -> from.isBefore(end.toInstant())).orElse(true);
    }
}
