package kr.kisgateway.gateway.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.concurrent.Executors;
import kr.kisgateway.gateway.Await;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.database.StoreSchema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Notifications in PostgreSQL. */
@Tag("slow")
class PostgresNotificationDeskTest extends NotificationDeskContract {
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
    StoreDatabase database() {
        return schema.owned();
    }

    @Test
    void what_could_not_be_written_while_the_server_restarted_is_written_afterwards() {
        try (var workers = Executors.newVirtualThreadPerTaskExecutor();
                var desk = NotificationDesk.start(
                        database(), AlertRules.none(), "test", true, new AlertLog(), InstantSource.system(), workers)) {
            desk.setPosition("before", 1);
            schema.endConnections();
            desk.setPosition("during", 2);
            Await.until(
                    "both marks are stored",
                    () -> schema.number("SELECT coalesce(sum(value), 0) FROM mark WHERE name IN ('before', 'during')")
                            == 3);
        }
    }

    @Test
    void a_former_owner_replaces_nothing_that_the_next_one_wrote() {
        try (var workers = Executors.newVirtualThreadPerTaskExecutor();
                var desk = NotificationDesk.start(
                        database(), AlertRules.none(), "test", true, new AlertLog(), InstantSource.system(), workers)) {
            schema.giveLeaseAway();
            schema.execute("INSERT INTO mark VALUES ('next', 7)");
            desk.setPosition("late", 1);
            assertThat(schema.lease().isLost()).isTrue();
            desk.setPosition("later", 1); // writes everything, after a change could not be written
            assertThat(schema.number("SELECT count(*) FROM mark")).isEqualTo(1);
            assertThat(schema.number("SELECT value FROM mark WHERE name = 'next'"))
                    .isEqualTo(7);
        }
    }
}
