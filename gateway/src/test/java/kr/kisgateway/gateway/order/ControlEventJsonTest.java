package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** Every version of the control events stays readable. */
@Requirement("G-18")
class ControlEventJsonTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");
    private final ControlEventJson json = new ControlEventJson();

    @Test
    void events_of_version_1_are_read_without_a_key_name() {
        assertThat(read(1, "KillSwitchSet", "{\"on\":true,\"source\":\"OPERATOR\",\"reason\":\"enough\"}"))
                .isEqualTo(new ControlEvent.KillSwitchSet(
                        true, ControlEvent.Source.OPERATOR, "enough", Optional.empty(), NOW));
        assertThat(read(1, "LimitsSet", "{\"layers\":{\"a\":1},\"configured\":{}}"))
                .isEqualTo(new ControlEvent.LimitsSet("{\"a\":1}", "{}", Optional.empty(), NOW));
    }

    @Test
    void events_of_version_2_preserve_their_author() {
        String kill = "{\"on\":true,\"source\":\"OPERATOR\",\"reason\":\"enough\",\"by\":\"ops\"}";
        String limits = "{\"layers\":{\"a\":1},\"configured\":{},\"by\":\"ops\"}";
        var event = read(2, "KillSwitchSet", kill);
        assertThat(event)
                .isEqualTo(new ControlEvent.KillSwitchSet(
                        true, ControlEvent.Source.OPERATOR, "enough", Optional.of("ops"), NOW));
        assertThat(json.write(event)).isEqualTo(kill);
        var set = read(2, "LimitsSet", limits);
        assertThat(set).isEqualTo(new ControlEvent.LimitsSet("{\"a\":1}", "{}", Optional.of("ops"), NOW));
        assertThat(json.write(set)).isEqualTo(limits);
    }

    @Test
    void a_dry_run_of_version_2_has_no_account_behind_its_alias_and_one_of_version_3_has() {
        var day = LocalDate.of(2026, 11, 20);
        assertThat(read(2, "DryRunPassed", "{\"account\":\"B\",\"trading_day\":\"2026-11-20\"}"))
                .isEqualTo(new ControlEvent.DryRunPassed("B", day, Optional.empty()));
        String passed =
                "{\"account\":\"B\",\"trading_day\":\"2026-11-20\",\"fingerprint_key\":\"k\",\"fingerprint\":\"f\"}";
        var event = read(3, "DryRunPassed", passed);
        assertThat(event)
                .isEqualTo(new ControlEvent.DryRunPassed("B", day, Optional.of(new AccountFingerprint("k", "f"))));
        assertThat(json.write(event)).isEqualTo(passed);
    }

    @Test
    void the_account_behind_an_alias_reads_back_as_it_was_written() {
        String payload = "{\"account\":\"B\",\"fingerprint_key\":\"k\",\"fingerprint\":\"f\"}";
        var event = read(3, "AliasAssigned", payload);
        assertThat(event).isEqualTo(new ControlEvent.AliasAssigned("B", new AccountFingerprint("k", "f"), NOW));
        assertThat(json.write(event)).isEqualTo(payload);
    }

    private ControlEvent read(int version, String type, String payload) {
        return json.read(new JournalEntry(
                ControlEvent.STREAM,
                1,
                NOW,
                LocalDate.of(2026, 11, 20),
                type,
                version,
                1,
                ControlEvent.STREAM,
                payload));
    }
}
