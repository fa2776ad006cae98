package kr.kisgateway.gateway.parent;

import java.nio.file.Path;
import kr.kisgateway.gateway.journal.JournalPlace;

/** The desk of parent orders with its journal in PostgreSQL. */
class PostgresParentDeskTest extends ParentDeskTest {
    @Override
    JournalPlace place(Path folder) {
        return new JournalPlace.Database(folder);
    }
}
