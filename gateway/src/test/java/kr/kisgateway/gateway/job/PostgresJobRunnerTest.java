package kr.kisgateway.gateway.job;

import kr.kisgateway.gateway.database.StoreSchema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** Jobs in PostgreSQL. */
@Tag("slow")
class PostgresJobRunnerTest extends JobRunnerContract {
    private StoreSchema schema;

    @BeforeEach
    void createSchema() {
        schema = new StoreSchema(folder);
    }

    @AfterEach
    void closeSchema() {
        schema.close();
    }

    @Override
    JobStore openStore() {
        return JobStore.open(schema.owned());
    }
}
