package kr.kisgateway.gateway.fuzz;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.order.ControlEventJson;
import kr.kisgateway.gateway.order.OrderEventJson;
import kr.kisgateway.gateway.parent.ParentEventJson;

/** Any entry of a journal is an event, which is written and read as the same, or cannot be read. */
public final class JournalEventFuzzer {
    private static final Instant AT = Instant.parse("2026-11-20T01:00:00Z");
    private static final OrderEventJson ORDERS = new OrderEventJson();
    private static final ControlEventJson CONTROLS = new ControlEventJson();
    private static final ParentEventJson PARENTS = new ParentEventJson();

    private JournalEventFuzzer() {}

    /** Called by Jazzer; the first letter chooses the journal, the first line is the type, the second the subject. */
    public static void fuzzerTestOneInput(byte[] input) {
        String[] lines = new String(input, StandardCharsets.UTF_8).split("\n", 3);
        if (lines.length < 3 || lines[0].isEmpty()) {
            return;
        }
        String type = lines[0].substring(1);
        try {
            switch (lines[0].charAt(0)) {
                case 'O' -> {
                    var event = ORDERS.read(entry(type, OrderEventJson.VERSION, lines[1], lines[2]));
                    var written = ORDERS.write(event);
                    requireSame(event, ORDERS.read(entry(type, OrderEventJson.VERSION, lines[1], written)), written);
                }
                case 'C' -> {
                    var event = CONTROLS.read(entry(type, ControlEventJson.VERSION, lines[1], lines[2]));
                    var written = CONTROLS.write(event);
                    requireSame(
                            event, CONTROLS.read(entry(type, ControlEventJson.VERSION, lines[1], written)), written);
                }
                default -> {
                    var event = PARENTS.read(entry(type, ParentEventJson.VERSION, lines[1], lines[2]));
                    var written = PARENTS.write(event);
                    requireSame(event, PARENTS.read(entry(type, ParentEventJson.VERSION, lines[1], written)), written);
                }
            }
        } catch (JournalException unreadable) {
            // the declared refusal
        }
    }

    private static JournalEntry entry(String type, int version, String subject, String payload) {
        return new JournalEntry("A1", 1, AT, LocalDate.of(2026, 11, 20), type, version, 1, subject, payload);
    }

    private static void requireSame(Object event, Object read, String written) {
        if (!event.equals(read)) {
            throw new IllegalStateException(event + " is written as " + written);
        }
    }
}
