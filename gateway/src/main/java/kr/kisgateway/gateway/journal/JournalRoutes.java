package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kr.kisgateway.api.order.JournalMetrics;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;

/** {@code GET /v1/metrics/journal}: the space that the journal uses and has left. */
public final class JournalRoutes {
    private final Path file;
    private final DiskGuard disk;

    /** @param file the journal's; its log lies beside it */
    public JournalRoutes(Path file, DiskGuard disk) {
        this.file = file;
        this.disk = disk;
    }

    /** Adds the call. */
    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/metrics/journal", this::metrics);
    }

    private void metrics(Call call) {
        call.answer(new JournalMetrics(
                disk.freeBytes(),
                disk.limitBytes(),
                disk.reserveBytes(),
                disk.refusal().isPresent(),
                size(file),
                size(file.resolveSibling(file.getFileName() + "-wal"))));
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            return 0; // the log exists only while the journal is open
        }
    }
}
