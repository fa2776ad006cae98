package kr.kisgateway.gateway.parent;

import java.nio.file.Path;
import kr.kisgateway.gateway.journal.JournalPlace;
import org.junit.jupiter.api.Tag;

/** The desk of parent orders with its journal in PostgreSQL. */
@Tag("slow")
class PostgresParentDeskTest extends ParentDeskTest {
    @Override
    JournalPlace place(Path folder) {
        return new JournalPlace.Database(folder);
    }
}
