package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.journal.JournalEntry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class OrderEventAnswerTest {
    private static final OrderId ID = new OrderId("ord_01M7V7FCY871Q2Y1EMXQCGDR4B");

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {"90501, 090501", "5, 000005", "153000, 153000", "0, null"})
    void the_time_of_a_fill_has_its_six_digits_in_an_event_too(int storedTime, String shown) {
        var fill = new Fill(ID.text() + ".1", 100_005, 10, 700_000, storedTime, Fill.Source.NOTICE);
        var payload = new OrderEventJson().write(new OrderEvent.Filled(ID, 10, 700_000, fill));
        assertThat(payload).as("the stored text is unchanged").contains("\"time\":" + storedTime + ",");
        var entry = new JournalEntry(
                "A1",
                7,
                Instant.parse("2026-11-20T00:05:01Z"),
                LocalDate.of(2026, 11, 20),
                "Filled",
                OrderEventJson.VERSION,
                1,
                ID.text(),
                payload);

        JsonNode event = ApiJson.tree(ApiJson.text(new OrderEventJson().answer(entry)));

        assertThat(event.at("/data/time").asString(null)).isEqualTo(shown);
        assertThat(event.at("/data/value").longValue()).isEqualTo(700_000);
    }
}
