package kr.kisgateway.gateway.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import kr.kisgateway.market.TradingCalendar;

/** Finds rows in the audit of a folder. A gateway may run meanwhile. */
public final class AuditSearch implements AuditRows, AuditPages {
    private static final int STEP = 2_000;
    private static final Pattern CURSOR = Pattern.compile("[0-9]{1,18}");

    private final AuditFiles files;

    public AuditSearch(Path folder) {
        this.files = new AuditFiles(folder);
    }

    /** Whether {@code folder} has an audit. */
    public static boolean existsIn(Path folder) {
        return Files.exists(folder.resolve(AuditStore.NAME));
    }

    @Override
    public Page recent(AuditFilter filter, Optional<String> cursor, int limit) {
        long before = cursor.map(AuditSearch::seq).orElse(Long.MAX_VALUE);
        if (!Files.exists(files.store())) {
            return new Page(List.of(), Optional.empty(), Optional.empty());
        }
        try (var store = AuditStore.openForReading(files.store())) {
            var found = store.search(filter, before, limit + 1);
            return new Page(
                    found.stream()
                            .limit(limit)
                            .map(it -> new Found(Optional.empty(), it))
                            .toList(),
                    found.size() > limit
                            ? Optional.of(String.valueOf(found.get(limit - 1).seq()))
                            : Optional.empty(),
                    store.seals().stream().reduce((_, later) -> later).map(AuditSeal::month));
        }
    }

    private static long seq(String cursor) {
        if (!CURSOR.matcher(cursor).matches()) {
            throw new UnknownCursorException();
        }
        return Long.parseLong(cursor);
    }

    /** Passes rows of sealed files, too. */
    @Override
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

    /** A file has no row of a later month; one of an earlier month only after the clock was set back. */
    private static boolean mayContain(AuditSeal seal, AuditFilter filter) {
        var end = seal.month().plusMonths(1).atDay(1).atStartOfDay(TradingCalendar.SEOUL);
        return filter.from().map(from -> from.isBefore(end.toInstant())).orElse(true);
    }
}
