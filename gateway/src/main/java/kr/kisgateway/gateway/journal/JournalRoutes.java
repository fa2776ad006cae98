package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.JsonBuffer;

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
        call.answer(new JsonBuffer(160)
                .beginObject()
                .field("free_bytes", disk.freeBytes())
                .field("limit_bytes", disk.limitBytes())
                .field("reserve_bytes", disk.reserveBytes())
                .field("low", disk.refusal().isPresent())
                .field("file_bytes", size(file))
                .field("log_bytes", size(file.resolveSibling(file.getFileName() + "-wal")))
                .endObject());
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            return 0; // the log exists only while the journal is open
        }
    }
}
