package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodeTableTest {
    private static final CodeTable TABLE = CodeTable.load();

    /** Copied from the protocol notes' tables, ranges written out; section 4.2, then 4.3, then 5.3. */
    @Requirement(value = "I-04", clause = "codes")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "EGW00001", "EGW00002", "EGW00003", "EGW00004", "EGW00206", "EGW00101", "EGW00102", "EGW00103",
                "EGW00104", "EGW00105", "EGW00115", "EGW00116", "EGW00121", "EGW00122", "EGW00123", "EGW00128",
                "EGW00129", "EGW00131", "EGW00132", "EGW00133", "EGW00201", "EGW00202", "EGW00203", "EGW00205",
                "EGW00207", "EGW00303", "EGW00208", "EGW00209", "EGW00213", "EGW02006", "EGW02004", "EGW00215",
                "EGW00300", "EGW00301", "EGW00302", "EGW00304", "EGW00316", "IGW00007", "IGW00009", "IGW00022",
                "IGW00100", "IGW00221", "OPSQ0002", "OPSQ0003", "OPSQ0008", "OPSQ0009", "OPSQ1002", "OPSQ2000",
                "OPSQ2001", "OPSQ2002", "OPSQ9995", "OPSQ9996", "OPSQ9997", "OPSQ9998", "OPSQ9999", "MCA05918",
                "MCA00124", "APAC0489", "APBK0013", "APBK0919", "APBK0918", "APBK0952", "APBK0400", "APBK0656",
                "APBK1664", "APBK0344", "APBK0506", "KIER3672", "40030000", "40070000", "40100000", "40240000",
                "40250000", "40310000", "40270000", "40330000", "40320000", "40570000", "40580000", "40910000",
                "90000000", "OPSP0000", "OPSP0001", "OPSP0002", "OPSP0003", "OPSP0007", "OPSP0008", "OPSP0009",
                "OPSP0010", "OPSP0011", "OPSP0017", "OPSP8991", "OPSP8992", "OPSP8993", "OPSP9990", "OPSP8996",
                "OPSP8997", "OPSP8998", "OPSP8999", "OPSP9991", "OPSP9992", "OPSP9993", "OPSP9994", "OPSP9995",
                "OPSP9996", "OPSP9997", "OPSP9998", "OPSP9999"
            })
    void every_code_of_the_protocol_notes_is_listed_with_cause_and_remedy(String code) {
        assertThat(TABLE.entry(code)).hasValueSatisfying(row -> {
            assertThat(row.causeKo()).isNotBlank();
            assertThat(row.causeEn()).isNotBlank();
            assertThat(row.action()).isNotBlank();
            assertThat(row.area()).isEqualTo(code.startsWith("OPSP") ? Area.WEBSOCKET : Area.REST);
        });
    }

    @Requirement(value = "I-04", clause = "severity")
    @ParameterizedTest
    @Requirement(value = "I-04", clause = "codes")
    @CsvSource({
        "OPSP0000, INFO, NOBODY",
        "OPSP0002, INFO, NOBODY",
        "OPSP0003, INFO, NOBODY",
        "IGW00221, CRITICAL, OPERATOR",
        "IGW00100, MEDIUM, DEVELOPER",
    })
    void frequent_codes_have_a_severity_and_an_actor(String code, Severity severity, Actor who) {
        assertThat(TABLE.entry(code)).hasValueSatisfying(row -> {
            assertThat(row.severity()).isEqualTo(severity);
            assertThat(row.actor()).isEqualTo(who);
        });
    }

    @Test
    @Requirement(value = "I-04", clause = "opsp0003")
    void opsp0003_means_not_found_and_mentions_the_other_reading() {
        assertThat(TABLE.entry("OPSP0003").orElseThrow().causeEn()).contains("not found", "mandatory input missing");
    }

    @ParameterizedTest
    @CsvSource({
        "EGW00201, SAFE",
        "EGW00215, SAFE",
        "EGW00123, SAFE_AFTER_NEW_TOKEN",
        "EGW00001, READ",
        "EGW00301, UNKNOWN",
        "IGW00009, READ",
        "OPSQ1002, READ",
        "EGW00316, READ",
        "EGW02004, NO",
        "IGW00022, NO",
        "OPSP0011, SAFE_AFTER_NEW_TOKEN"
    })
    void the_class_is_the_retry_column_of_the_protocol_notes(String code, RetryClass retry) {
        assertThat(TABLE.entry(code).orElseThrow().retry()).isEqualTo(retry);
    }

    @Test
    void a_code_that_is_not_listed_is_empty_and_not_harmless() {
        assertThat(TABLE.entry("EGW99999")).isEmpty();
        assertThat(TABLE.entry("")).isEmpty();
    }

    @Test
    void every_critical_code_has_an_actor() {
        assertThat(TABLE.entries())
                .filteredOn(row -> row.severity() == Severity.CRITICAL)
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.actor()).isNotEqualTo(Actor.NOBODY));
    }

    @Test
    void every_line_of_the_file_is_a_code_in_its_order() {
        CodeTable table = CodeTable.load();

        long lines = Resources.text("codes.tsv")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .count();
        assertThat(table.entries()).hasSize((int) lines);
        assertThat(table.entries())
                .extracting(KisCode::code)
                .startsWith("MCA00000")
                .endsWith("OPSP9999");
        assertThat(table.entry("EGW00003"))
                .contains(new KisCode(
                        "EGW00003",
                        Area.REST,
                        RetryClass.NO,
                        Severity.CRITICAL,
                        "접근이 거부되었습니다.",
                        "access refused",
                        Actor.OPERATOR,
                        "Stop and check what this app key may do.",
                        "중지하고 이 앱키의 권한을 확인하십시오."));
    }

    @ParameterizedTest
    @CsvSource({
        "HIGH, READ, true",
        "HIGH, UNKNOWN, true",
        "HIGH, NO, false",
        "HIGH, SAFE, false",
        "CRITICAL, UNKNOWN, false",
        "INFO, UNKNOWN, false",
        "MEDIUM, READ, false"
    })
    void a_fault_of_kis_is_a_severe_one_after_which_the_outcome_is_open(
            Severity severity, RetryClass retry, boolean fault) {
        assertThat(new KisCode("X", Area.REST, retry, severity, "", "", Actor.KIS, "", "").isServerFault())
                .isEqualTo(fault);
    }
}
