package kr.kisgateway.gateway.alert;

import java.time.Instant;
import java.util.Optional;

/** What operators have decided about alerts. Safe for any thread. */
public interface AlertMarks {
    /** Which operator has taken note of the condition of an alert, while it persists. */
    Optional<Acknowledgement> acknowledgement(AlertEvent event, String subject);

    /** Whether an alert is not sent at {@code now}, because a silence covers it. */
    boolean isSilenced(AlertEvent event, String subject, Instant now);
}
