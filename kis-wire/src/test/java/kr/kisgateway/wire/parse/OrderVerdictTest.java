package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.Golden;
import kr.kisgateway.wire.parse.OrderVerdict.Accepted;
import kr.kisgateway.wire.parse.OrderVerdict.InDoubt;
import kr.kisgateway.wire.parse.OrderVerdict.NotTaken;
import kr.kisgateway.wire.parse.OrderVerdict.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderVerdictTest {
    private static final Accepted ACCEPTED = new Accepted("06010", 1569139, "131438");

    @Test
    @Requirement("I-03")
    void success_with_a_number_is_accepted() {
        assertThat(OrderVerdict.evaluate(200, Golden.text("order-accepted.json")))
                .isEqualTo(ACCEPTED);
    }

    @Test
    void keys_in_lower_case_are_read_alike() {
        String small = Golden.text("order-accepted.json")
                .replace("KRX_FWDG_ORD_ORGNO", "krx_fwdg_ord_orgno")
                .replace("ODNO", "odno")
                .replace("ORD_TMD", "ord_tmd");

        assertThat(OrderVerdict.evaluate(200, small)).isEqualTo(ACCEPTED);
    }

    @Test
    void success_in_a_list_of_one_is_accepted() {
        String list = Golden.text("order-accepted.json")
                .replace("\"output\":{", "\"output\":[{")
                .replace("}}", "}]}");

        assertThat(OrderVerdict.evaluate(200, list)).isEqualTo(ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0000000000", "abc", "-5", "Y", "99999999999999999999"})
    void success_without_a_usable_number_is_in_doubt(String number) {
        String answer = Golden.text("order-accepted.json").replace("0001569139", number);

        assertThat(OrderVerdict.evaluate(200, answer)).isInstanceOf(InDoubt.class);
    }

    @Test
    void a_y_proves_acceptance_only_in_a_yes_or_no_column() {
        String processed = "{\"rt_cd\":\"0\",\"output\":{\"nrml_prcs_yn\":\"Y\",\"RSVN_ORD_SEQ\":\"Y\"}}";
        RestReply reply = RestReply.parse(200, processed);

        assertThat(OrderVerdict.evaluate(reply, List.of("NRML_PRCS_YN"))).isEqualTo(new Accepted("", 0, ""));
        assertThat(OrderVerdict.evaluate(reply, List.of("RSVN_ORD_SEQ"))).isInstanceOf(InDoubt.class);
        assertThat(OrderVerdict.evaluate(
                        RestReply.parse(200, processed.replace("yn\":\"Y", "yn\":\"N")), List.of("NRML_PRCS_YN")))
                .isInstanceOf(InDoubt.class);
    }

    @Test
    void success_without_output_is_in_doubt() {
        assertThat(OrderVerdict.evaluate(200, "{\"rt_cd\":\"0\",\"msg_cd\":\"APBK0013\",\"msg1\":\"x\"}"))
                .isEqualTo(new InDoubt("APBK0013", "x"));
    }

    @Test
    void an_answer_with_rt_cd_0_under_a_500_is_in_doubt() {
        assertThat(OrderVerdict.evaluate(500, Golden.text("igw00009.json")))
                .isEqualTo(new InDoubt("IGW00009", "응답전문 구성 중 오류가 발생하였습니다."));
        assertThat(OrderVerdict.evaluate(500, Golden.text("order-accepted.json")))
                .isInstanceOf(InDoubt.class);
        assertThat(OrderVerdict.evaluate(500, refusal("0", "EGW00201"))).isInstanceOf(InDoubt.class);
        assertThat(OrderVerdict.evaluate(200, refusal("0", "EGW00201"))).isInstanceOf(InDoubt.class);
    }

    @ParameterizedTest
    @CsvSource({
        "200, EGW00101",
        "500, EGW00131",
        "500, IGW00007",
        "500, IGW00022",
        "200, OPSQ0002",
        "200, OPSQ2000",
        "200, MCA05918",
        "200, APAC0489",
        "200, APBK0952",
        "500, APBK0919",
        "400, 40250000",
        "500, EGW02004"
    })
    void a_listed_code_of_class_no_is_refused_under_any_status(int status, String code) {
        assertThat(OrderVerdict.evaluate(status, refusal("1", code))).isEqualTo(new Refused(code, "m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"APBK9999", "APAC0001", "KIER0001", "MCA99999", "49990000"})
    void an_unlisted_code_of_the_order_desk_is_refused_under_200_only(String code) {
        assertThat(OrderVerdict.evaluate(200, refusal("7", code))).isEqualTo(new Refused(code, "m"));
        assertThat(OrderVerdict.evaluate(500, refusal("7", code))).isEqualTo(new InDoubt(code, "m"));
    }

    @ParameterizedTest
    @CsvSource({"EGW00201, false", "EGW00215, false", "EGW00121, true", "EGW00122, true", "EGW00123, true"})
    void a_listed_code_of_class_safe_was_not_taken(String code, boolean newToken) {
        assertThat(OrderVerdict.evaluate(500, refusal("1", code))).isEqualTo(new NotTaken(code, "m", newToken));
        assertThat(OrderVerdict.evaluate(200, refusal("1", code))).isEqualTo(new NotTaken(code, "m", newToken));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EGW00001", "EGW00002", "EGW00202", "EGW00203", "EGW00300", "EGW00301", "EGW00302", "EGW00316",
                "IGW00009", "IGW00100", "IGW00221", "OPSQ0003", "OPSQ0008", "OPSQ0009", "OPSQ1002", "EGW99999",
                "IGW99999", "OPSQ9990", "KIOK0510", "OPSP8996", "OPSP0008", "4025000", "402500000", "APBK0013",
                "40600000", "MCA00000", "xAPBK0952", ""
            })
    void every_other_code_is_in_doubt(String code) {
        assertThat(OrderVerdict.evaluate(200, refusal("1", code))).isEqualTo(new InDoubt(code, "m"));
        assertThat(OrderVerdict.evaluate(500, refusal("1", code))).isEqualTo(new InDoubt(code, "m"));
    }

    @Test
    void a_refusal_that_carries_a_number_contradicts_itself_and_is_in_doubt() {
        String answer = Golden.text("order-accepted.json")
                .replace("\"rt_cd\":\"0\"", "\"rt_cd\":\"1\"")
                .replace("APBK0013", "APBK0952");

        assertThat(OrderVerdict.evaluate(200, answer)).isInstanceOf(InDoubt.class);
        assertThat(OrderVerdict.evaluate(200, answer.replace("0001569139", "garbled")))
                .isInstanceOf(InDoubt.class);
        assertThat(OrderVerdict.evaluate(200, answer.replace("0001569139", "0000000000")))
                .isInstanceOf(Refused.class);
    }

    @Test
    void an_answer_of_the_oauth_form_is_evaluated_by_its_code() {
        assertThat(OrderVerdict.evaluate(403, "{\"error_code\":\"EGW00103\",\"error_description\":\"d\"}"))
                .isEqualTo(new Refused("EGW00103", "d"));
        assertThat(OrderVerdict.evaluate(200, "{\"error_code\":\"APBK9999\",\"error_description\":\"d\"}"))
                .isEqualTo(new InDoubt("APBK9999", "d"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "<html><body>502 Bad Gateway</body></html>",
                "{\"rt_cd\":\"1\",\"msg_cd\":\"APBK0952\",",
                "[{\"rt_cd\":\"1\",\"msg_cd\":\"APBK0952\"}]",
                "{\"msg_cd\":\"APBK0952\",\"msg1\":\"no rt_cd\"}",
                "{}",
                "null"
            })
    void an_unreadable_answer_is_in_doubt_under_any_status(String body) {
        assertThat(OrderVerdict.evaluate(200, body)).isInstanceOf(InDoubt.class);
        assertThat(OrderVerdict.evaluate(500, body)).isInstanceOf(InDoubt.class);
        assertThat(OrderVerdict.evaluate(503, body)).isInstanceOf(InDoubt.class);
    }

    private static String refusal(String rtCd, String code) {
        return "{\"rt_cd\":\"" + rtCd + "\",\"msg_cd\":\"" + code + "\",\"msg1\":\"m   \"}";
    }

    @Test
    void a_reserved_order_is_proven_by_the_column_that_has_its_number() {
        RestReply reply = RestReply.parse(
                200,
                "{\"rt_cd\":\"0\",\"output\":{\"ODNO\":\"\",\"OVRS_RSVN_ODNO\":\"0030008244\",\"ORD_TMD\":\"093015\"}}");

        assertThat(OrderVerdict.evaluate(reply, List.of("ODNO", "RSVN_ORD_SEQ", "OVRS_RSVN_ODNO")))
                .isEqualTo(new Accepted("", 30008244, "093015"));
    }
}
