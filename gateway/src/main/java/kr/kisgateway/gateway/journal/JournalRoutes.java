package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.order.JournalMetrics;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.meter.Meters;

/** {@code GET /v1/metrics/journal}: the space that the journal uses and has left. */
public final class JournalRoutes {
    private final Meters meters;

    public JournalRoutes(Meters meters) {
        this.meters = meters;
    }

    /** Registers the meters of the disk and of the files; {@code file} is the journal's, its log lies beside it. */
    public static void bind(Meters meters, Path file, DiskGuard disk) {
        var log = file.resolveSibling(file.getFileName() + "-wal");
        meters.gauge("journal.disk.free", "bytes", "Free space of the journal's disk", disk::freeBytes);
        meters.gauge("journal.disk.limit", "bytes", "Free space that new orders need", disk::limitBytes);
        meters.gauge("journal.disk.reserve", "bytes", "Space reserved for cancels", disk::reserveBytes);
        meters.gauge(
                "journal.disk.low",
                Meters.FLAG,
                "1 while new orders are refused for lack of space",
                () -> disk.refusal().isPresent() ? 1 : 0);
        meters.gauge("journal.file", "bytes", "Size of the journal", () -> size(file));
        meters.gauge("journal.log", "bytes", "Size of what is not yet moved into the journal", () -> size(log));
    }

    /** Adds the call. */
    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/metrics/journal", this::metrics);
    }

    private void metrics(Call call) {
        call.answer(new JournalMetrics(
                meters.value("journal.disk.free"),
                meters.value("journal.disk.limit"),
                meters.value("journal.disk.reserve"),
                meters.value("journal.disk.low") == 1,
                meters.value("journal.file"),
                meters.value("journal.log")));
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            return 0; // the log exists only while the journal is open
        }
    }
}
