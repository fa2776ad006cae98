package kr.kisgateway.gateway.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of a report: its form, whatever the texts of others are. */
class IncidentPageTest {
    private static final Instant START = Instant.parse("2026-11-20T01:00:00Z");
    private static final Instant END = START.plus(Duration.ofHours(1));

    private static String page(List<Fact> facts) {
        return IncidentReport.of(facts, "sim", START, END, END);
    }

    private static Fact alert(String text) {
        return new Fact.AlertRaised(START, "P1", "kill_switch_on", "gateway", "", text, 1);
    }

    /** Every place of a page that has a text of others. */
    private static List<Fact> everywhere(String text) {
        return List.of(
                new Fact.AlertRaised(START, text, text, text, text, text, 1),
                alert(text),
                new Fact.AlertSettled(START, text, text, 1),
                new Fact.BrokerFailing(START, text, text),
                new Fact.BrokerErrors(START, text, text, 1),
                new Fact.SessionOpen(START, text),
                new Fact.SessionLost(START, text, text),
                new Fact.BreakerChanged(START, text, text, "OPEN"),
                new Fact.FallbackUsed(START, 1),
                new Fact.NoticeDelivered(START, text, text, text, text),
                new Fact.CallerFailed(START, text, text, text, 1),
                new Fact.OrderTaken(START, text),
                new Fact.OrderNotTaken(START, text, text, text, text),
                new Fact.OrderInDoubt(START, text, text, 1, text),
                new Fact.OrderSettled(START, text, 1, text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a | b | c",
                "[here](http://example.com)",
                "![](http://example.com/x.png)",
                "<img src=x onerror=alert(1)>",
                "`code` **bold** ~~gone~~",
                "see https://example.com or www.example.com",
                "a\n\n# Heading\n| a | b |",
                "a\r## Heading",
                "a\u2028## Heading\u2029## Heading",
                "\u202Edesrever",
                "\\| \\[here](http://example.com)",
                "&lt;script&gt;",
                "\uD800"
            })
    void a_text_of_others_stays_a_text_in_its_cell(String text) {
        var plain = page(everywhere("plain")).lines().toList();
        var lines = page(everywhere(text)).lines().toList();
        assertThat(lines).as("no text adds a line").hasSameSizeAs(plain);
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            assertThat(cells(line)).as(line).isEqualTo(cells(plain.get(i)));
            if (!line.equals(plain.get(i))) {
                assertThat(line.replaceAll("\\\\[|<>&`*~\\[\\]\\\\:.]", ""))
                        .as("nothing of it is Markdown")
                        .doesNotContainPattern("[<>&`*~\\[\\]\\\\]|https?:|www\\.")
                        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");
            }
        }
    }

    /** Bars that end cells. */
    private static long cells(String line) {
        return line.replaceAll("\\\\.", "").chars().filter(c -> c == '|').count();
    }

    @Test
    @Requirement(value = "A-27", clause = "report")
    void a_day_without_a_record_is_reported_as_one() {
        assertThat(page(List.of()))
                .startsWith("# Incident report 2026-11-20 10:00:00 – 2026-11-20 11:00:00 (장애 보고서)\n")
                .contains("First failure (최초 장애): none was recorded (기록 없음)")
                .contains("Nothing was recorded (기록 없음).")
                .doesNotContain("FAIL", "pass");
    }

    @Test
    void a_flood_shortens_the_page_and_says_so() {
        var facts = IntStream.range(0, 1_500).mapToObj(i -> alert("no " + i)).toList();
        assertThat(page(facts)).contains("no 999", "500 further events").doesNotContain("no 1000 ");
        var callers = IntStream.range(0, 250)
                .mapToObj(i -> (Fact) new Fact.CallerFailed(START, "key-" + i, "GET /v1", "X", 1))
                .toList();
        assertThat(page(callers)).contains("50 further rows");
    }

    @Test
    void lost_records_are_named() {
        assertThat(page(List.of(new Fact.RecordsLost(START, 17)))).contains("17 records were lost (유실된 기록 17건)");
        assertThat(page(List.of())).doesNotContain("records were lost");
    }

    @Test
    void an_order_in_doubt_that_did_not_settle_stays_in_doubt() {
        var doubt = new Fact.OrderInDoubt(START, "A1", "ord_1", 1, "HTTP_500");
        assertThat(page(List.of(doubt))).contains("| ord_1 #1 | A1 |", "still in doubt (미확정)");
        assertThat(page(List.of(doubt, new Fact.OrderSettled(END, "ord_1", 2, "by its late answer"))))
                .as("another request of the order")
                .contains("still in doubt");
        assertThat(page(List.of(doubt, new Fact.OrderSettled(END, "ord_1", 1, "by its late answer"))))
                .doesNotContain("still in doubt")
                .contains("by its late answer");
    }
}
