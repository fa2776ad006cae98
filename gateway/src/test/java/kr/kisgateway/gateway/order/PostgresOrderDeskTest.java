package kr.kisgateway.gateway.order;

import java.nio.file.Path;
import kr.kisgateway.gateway.journal.JournalPlace;
import org.junit.jupiter.api.Tag;

/** The desk with its journal in PostgreSQL. */
@Tag("slow")
class PostgresOrderDeskTest extends OrderDeskTest {
    @Override
    JournalPlace place(Path folder) {
        return new JournalPlace.Database(folder);
    }
}
