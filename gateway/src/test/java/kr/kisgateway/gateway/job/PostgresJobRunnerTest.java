package kr.kisgateway.gateway.job;

import kr.kisgateway.gateway.database.StoreSchema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Jobs in PostgreSQL. */
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
