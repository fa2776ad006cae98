package kr.kisgateway.gateway.access;

import java.util.ArrayList;
import kr.kisgateway.gateway.database.StoreSchema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** The keys in PostgreSQL. */
@Tag("slow")
class PostgresApiKeyGatekeeperTest extends ApiKeyGatekeeperContract {
    private StoreSchema schema;

    @Override
    KeyStore openStore() {
        if (schema == null) {
            schema = new StoreSchema(folder);
        }
        return KeyStore.open(schema.shared());
    }

    @AfterEach
    void closeSchema() {
        schema.close();
    }

    @Override
    String stored() throws Exception {
        var rows = new ArrayList<String>();
        try (var connection = schema.connect();
                var statement = connection.createStatement()) {
            for (String table : new String[] {"api_keys", "issued_tokens", "logins", "key_changes"}) {
                try (var row = statement.executeQuery("SELECT " + table + "::text FROM " + table)) {
                    while (row.next()) {
                        rows.add(row.getString(1));
                    }
                }
            }
        }
        return String.join("\n", rows);
    }
}
