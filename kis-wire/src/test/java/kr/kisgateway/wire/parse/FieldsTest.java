package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every payload lies in an array of exactly its length, so that reading past its end throws. */
class FieldsTest {
    private static final String EIGHTEEN = "123456789012345678";

    @ParameterizedTest
    @CsvSource({
        "70100, 70100",
        "0, 0",
        "0070100, 70100",
        "90, 90",
        "' 90', 90",
        "'90 ', 90",
        "'', 0",
        "'  ', 0",
        "+90, 90",
        "+19, 19",
        "+0, 0",
        "-0, 0",
        "-00, 0",
        "123456789012345678, 123456789012345678",
        "+123456789012345678, 123456789012345678",
        "000123456789012345678, 123456789012345678"
    })
    void a_number_without_sign_is_read_wherever_it_stands(String field, long value) {
        assertThat(numberIsReadAt(field, "", "")).isEqualTo(value);
        assertThat(numberIsReadAt(field, "", "^7")).isEqualTo(value);
        assertThat(numberIsReadAt(field, "7^", "")).isEqualTo(value);
        assertThat(numberIsReadAt(field, "7^", "^7")).isEqualTo(value);
    }

    private static long numberIsReadAt(String field, String before, String after) {
        Fields in = fields(before + field + after);
        in.skip(before.isEmpty() ? 0 : 1);
        long value = in.number();
        assertThat(in.fault()).isEqualTo(Fields.NO_FAULT);
        assertThat(in.position()).isEqualTo(before.length() + field.length() + 1);
        assertThat(in.isExhausted()).isEqualTo(after.isEmpty());
        return value;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-",
                "+",
                "x",
                "xx",
                "7x",
                "-7",
                "7-",
                "- 7",
                "7.5",
                "/",
                ":",
                "1234567890123456789",
                "99999999999999999999"
            })
    void what_is_no_number_is_a_fault_at_its_beginning_and_reading_goes_on(String field) {
        for (String after : new String[] {"", "^12"}) {
            Fields in = fields("7^" + field + after);
            in.skip(1);
            assertThat(in.number()).isZero();
            assertThat(in.fault()).isEqualTo(2);
            assertThat(in.position()).isEqualTo(2 + field.length() + 1);
            if (!after.isEmpty()) {
                assertThat(in.number()).isEqualTo(12);
            }
        }
    }

    @Test
    void the_first_fault_is_the_one_that_is_reported() {
        Fields in = fields("7^x^y^8");
        in.number();
        in.number();
        in.number();
        assertThat(in.number()).isEqualTo(8);
        assertThat(in.fault()).isEqualTo(2);
        assertThat(in.isExhausted()).isTrue();
    }

    @Test
    void empty_fields_are_read_one_at_a_time() {
        Fields in = fields("^^^");
        for (int i = 1; i <= 4; i++) {
            assertThat(in.number()).isZero();
            assertThat(in.position()).isEqualTo(i);
        }
        assertThat(in.fault()).isEqualTo(Fields.NO_FAULT);
        assertThat(in.isExhausted()).isTrue();
    }

    @Test
    void a_field_after_the_last_one_is_a_fault_at_the_end() {
        Fields in = fields("1");
        assertThat(in.number()).isEqualTo(1);
        assertThat(in.number()).isZero();
        assertThat(in.fault()).isEqualTo(1);

        Fields signed = fields("1");
        signed.skip(1);
        assertThat(signed.signed()).isZero();
        assertThat(signed.fault()).isEqualTo(1);
    }

    @Test
    void what_lies_behind_the_payload_is_not_read() {
        assertThat(before("12", "34").number()).isEqualTo(12);
        assertThat(before("", "34").number()).isZero();
        assertThat(before("12", "34").signed()).isEqualTo(12);
        assertThat(before("", "-4").signed()).isZero();
        assertThat(before("  ", "  34").number()).isZero();
        assertThat(before("+1", "34").number()).isEqualTo(1);
        Fields sign = before("-", "5");
        assertThat(sign.signed()).isZero();
        assertThat(sign.fault()).isZero();
        long[] one = {9};
        before("12", "34").numbers(one);
        assertThat(one).containsExactly(12);
        before("", "34").numbers(one);
        assertThat(one).containsExactly(0);
    }

    @Test
    void several_numbers_are_read_like_one_after_the_other() {
        long[] values = new long[8];
        Fields in = fields("200^^ 900 ^+19^0^" + EIGHTEEN + "^007^90^5");
        in.numbers(values);
        assertThat(values).containsExactly(200, 0, 900, 19, 0, 123456789012345678L, 7, 90);
        assertThat(in.fault()).isEqualTo(Fields.NO_FAULT);
        assertThat(in.number()).isEqualTo(5);
        assertThat(in.isExhausted()).isTrue();
    }

    @Test
    void several_numbers_may_end_with_the_payload() {
        for (String last : new String[] {"34", "", " ", " 34", "34 "}) {
            long[] values = new long[2];
            Fields in = fields("12^" + last);
            in.numbers(values);
            assertThat(values).containsExactly(12, last.isBlank() ? 0 : 34);
            assertThat(in.fault()).isEqualTo(Fields.NO_FAULT);
            assertThat(in.isExhausted()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "x", "xx", "7x", "-7", "1234567890123456789", "9999999999999999999", "/", ":"})
    void one_wrong_value_among_several_is_a_fault_at_its_beginning(String field) {
        for (String after : new String[] {"", "^12"}) {
            long[] values = new long[after.isEmpty() ? 2 : 3];
            Fields in = fields("7^" + field + after);
            in.numbers(values);
            assertThat(values).startsWith(7, 0);
            assertThat(values[values.length - 1]).isEqualTo(after.isEmpty() ? 0 : 12);
            assertThat(in.fault()).isEqualTo(2);
            assertThat(in.isExhausted()).isTrue();
        }
    }

    @Test
    void more_numbers_than_the_payload_has_are_a_fault_at_its_end() {
        Fields in = fields("1^2");
        in.numbers(new long[3]);
        assertThat(in.fault()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "300, 300",
        "-300, -300",
        "+300, 300",
        "-0, 0",
        "0, 0",
        "'', 0",
        "' ', 0",
        "' -5', -5",
        "'-5 ', -5",
        "-90, -90",
        "-05, -5",
        "90, 90",
        "05, 5",
        "-123456789012345678, -123456789012345678"
    })
    void a_signed_number_is_read_wherever_it_stands(String field, long value) {
        for (String after : new String[] {"", "^7"}) {
            Fields in = fields(field + after);
            assertThat(in.signed()).isEqualTo(value);
            assertThat(in.fault()).isEqualTo(Fields.NO_FAULT);
            assertThat(in.position()).isEqualTo(field.length() + 1);
            assertThat(in.isExhausted()).isEqualTo(after.isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "+", "--5", "- 5", "+-5", "-x", "x", "5-", "-1234567890123456789"})
    void what_is_no_signed_number_is_a_fault(String field) {
        for (String after : new String[] {"", "^7"}) {
            Fields in = fields(field + after);
            assertThat(in.signed()).isZero();
            assertThat(in.fault()).isNotEqualTo(Fields.NO_FAULT);
            assertThat(in.position()).isEqualTo(field.length() + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"000000", "235959", "095959", "080059"})
    void a_time_of_day_ends_with_the_last_second(String time) {
        Fields in = fields(time);
        assertThat(in.time()).isEqualTo(Integer.parseInt(time));
        assertThat(in.fault()).isEqualTo(Fields.NO_FAULT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"235960", "240000", "096000", "090060", ""})
    void what_is_no_time_of_day_is_a_fault(String time) {
        Fields in = fields(time);
        in.time();
        assertThat(in.fault()).isZero();
    }

    @Test
    void a_date_has_at_most_four_digits_of_a_year() {
        Fields last = fields("99991231");
        assertThat(last.date()).isEqualTo(99_991_231);
        assertThat(last.fault()).isEqualTo(Fields.NO_FAULT);

        Fields later = fields("1^99991232");
        later.skip(1);
        later.date();
        assertThat(later.fault()).isEqualTo(2);
    }

    private static Fields fields(String payload) {
        return new Fields(payload.toCharArray(), 0, payload.length());
    }

    private static Fields before(String payload, String rest) {
        return new Fields((payload + rest).toCharArray(), 0, payload.length());
    }
}
