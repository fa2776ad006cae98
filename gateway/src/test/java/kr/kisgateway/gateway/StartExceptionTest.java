package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.lease.LeaseLostException;
import kr.kisgateway.gateway.lease.LeaseTimes;
import kr.kisgateway.gateway.notification.NotificationException;
import org.junit.jupiter.api.Test;

/** What a supervisor may try again: see the exit codes of {@code ./kis run}. */
class StartExceptionTest {
    private static StartException startFailure(Exception cause) {
        return StartException.of(new JournalException("the journal cannot be opened", cause));
    }

    @Test
    void a_database_that_is_away_or_busy_while_a_part_is_opened_may_pass() {
        for (String state : new String[] {"08006", "08001", "57P01", "57P03", "53300", "40001", "57014"}) {
            assertThat(startFailure(new SQLException("gone", state)).mayPass())
                    .as(state)
                    .isTrue();
        }
        var nested =
                new NotificationException("alerts", new NotificationException("x", new SQLException("y", "08006")));
        assertThat(StartException.of(nested).mayPass()).isTrue();
        assertThat(StartException.of(nested)).hasMessage("alerts");
    }

    @Test
    void a_lease_that_was_lost_meanwhile_may_pass() {
        var lease = new Lease(
                "owner",
                1,
                new LeaseTimes(Duration.ofSeconds(3)),
                () -> 0,
                () -> Instant.EPOCH,
                new Lease.Moment(0, Instant.EPOCH));
        assertThat(startFailure(new LeaseLostException(lease)).mayPass()).isTrue();
    }

    @Test
    void tables_or_files_that_cannot_be_used_do_not_pass_by_themselves() {
        assertThat(startFailure(new SQLException("no such table", "42P01")).mayPass())
                .isFalse();
        assertThat(startFailure(new SQLException("file is not a database")).mayPass())
                .isFalse();
        assertThat(StartException.of(new JournalException("damaged")).mayPass()).isFalse();
    }
}
