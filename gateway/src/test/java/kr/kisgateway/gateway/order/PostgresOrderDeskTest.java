package kr.kisgateway.gateway.order;

import java.nio.file.Path;
import kr.kisgateway.gateway.journal.JournalPlace;

/** The desk with its journal in PostgreSQL. */
class PostgresOrderDeskTest extends OrderDeskTest {
    @Override
    JournalPlace place(Path folder) {
        return new JournalPlace.Database(folder);
    }
}
