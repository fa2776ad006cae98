package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import kr.kisgateway.market.Side;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.Golden;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestReplyTest {
    @Test
    @Requirement(value = "I-03", clause = "success")
    void success_is_http_200_and_rt_cd_0_and_the_expected_blocks() {
        String body = Golden.text("balance.json");

        assertThat(RestReply.parse(200, body).isSuccess("output1", "output2")).isTrue();
        assertThat(RestReply.parse(500, body).isSuccess("output1")).isFalse();
        assertThat(RestReply.parse(200, body).isSuccess("output3")).isFalse();
        assertThat(RestReply.parse(500, Golden.text("igw00009.json")).isSuccess())
                .isFalse();
        assertThat(RestReply.parse(200, Golden.text("rate-limited.json")).isSuccess())
                .isFalse();
    }

    @Test
    void the_padding_of_msg1_is_stripped() {
        assertThat(RestReply.parse(200, Golden.text("balance.json")).msg1()).isEqualTo("조회가 완료되었습니다");
    }

    @Test
    void an_answer_of_the_oauth_form_has_code_and_message() {
        RestReply reply = RestReply.parse(403, Golden.text("token-refused.json"));

        assertThat(reply.isOauthError()).isTrue();
        assertThat(reply.isSuccess()).isFalse();
        assertThat(reply.msgCd()).isEqualTo("EGW00133");
        assertThat(reply.msg1()).startsWith("접근토큰 발급");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html></html>", "[1]", "{\"rt_cd\":", "12"})
    void an_unreadable_body_is_a_reply_that_is_not_readable(String body) {
        RestReply reply = RestReply.parse(200, body);

        assertThat(reply.isReadable()).isFalse();
        assertThat(reply.isSuccess()).isFalse();
        assertThat(reply.rtCd()).isEmpty();
        assertThat(reply.rows("output")).isEmpty();
    }

    @Test
    void an_object_counts_as_a_list_of_one_and_keys_match_in_any_case() {
        RestReply reply = RestReply.parse(200, "{\"Output1\":{\"Excg_Id_dvsn_Cd\":\"NXT\"},\"output2\":[{},7]}");

        assertThat(reply.rows("output1"))
                .singleElement()
                .satisfies(row -> assertThat(row.text("EXCG_ID_DVSN_CD")).isEqualTo("NXT"));
        assertThat(reply.rows("OUTPUT2")).hasSize(1);
    }

    @Test
    void a_bad_value_names_its_field() {
        Row row = row(
                "{\"won\":\"71500.5\",\"neg\":\"-1\",\"word\":\"x\",\"blank\":\" \",\"huge\":\"99999999999999999999\"}");

        assertThatThrownBy(() -> row.won("WON"))
                .isInstanceOf(BadFieldException.class)
                .hasMessage("WON is \"71500.5\"");
        assertThatThrownBy(() -> row.shares("neg")).hasMessage("neg is \"-1\"");
        assertThatThrownBy(() -> row.decimal("word")).hasMessage("word is \"x\"");
        assertThatThrownBy(() -> row.won("blank")).hasMessage("blank is missing");
        assertThatThrownBy(() -> row.text("none")).hasMessage("none is missing");
        assertThatThrownBy(() -> row.won("huge")).hasMessageStartingWith("huge is");
        assertThatThrownBy(() -> row.symbol("word")).hasMessageStartingWith("word is");
    }

    @Test
    void numbers_are_exact_and_blank_takes_the_substitute() {
        Row row = row(
                "{\"a\":\"71500.0000\",\"b\":\"-2400\",\"c\":\"0000070200\",\"d\":86400,\"e\":\"\",\"p\":\"000000005930\"}");

        assertThat(row.won("a")).isEqualTo(71500);
        assertThat(row.won("b")).isEqualTo(-2400);
        assertThat(row.shares("c")).isEqualTo(70200);
        assertThat(row.won("d")).isEqualTo(86400);
        assertThat(row.wonOr("e", 7)).isEqualTo(7);
        assertThat(row.sharesOr("e", 8)).isEqualTo(8);
        assertThat(row.textOr("none", "-")).isEqualTo("-");
        assertThat(row.symbol("p").code()).isEqualTo("005930");
    }

    @ParameterizedTest
    @CsvSource({
        "005930, 005930",
        "000000005930, 005930",
        "00000A005930, 005930",
        "00000A0001A0, 0001A0",
        "00000Q500001, Q500001",
        "Q500001, Q500001",
    })
    void the_ledgers_long_codes_are_shortened_to_the_symbol(String written, String symbol) {
        assertThat(row("{\"pdno\":\"" + written + "\"}").symbol("pdno").code()).isEqualTo(symbol);
    }

    @ParameterizedTest
    @ValueSource(strings = {"KR7005930003", "AAPL", "5930", "00593O_"})
    void a_code_that_is_not_korean_is_refused(String written) {
        Row row = row("{\"pdno\":\"" + written + "\"}");

        assertThatThrownBy(() -> row.symbol("pdno")).isInstanceOf(BadFieldException.class);
    }

    @Test
    void a_number_written_to_exhaust_the_machine_is_refused_at_once() {
        Row row = row("{\"bomb\":\"1E999999999\",\"long\":\"" + "9".repeat(100_000) + "\"}");

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
            assertThatThrownBy(() -> row.won("bomb")).isInstanceOf(BadFieldException.class);
            assertThatThrownBy(() -> row.won("long")).isInstanceOf(BadFieldException.class);
        });
    }

    @Test
    void a_price_is_read() {
        assertThat(PriceAnswer.parse(RestReply.parse(200, Golden.text("price.json"))))
                .isEqualTo(new ParseResult.Ok<>(new PriceAnswer(
                        69800,
                        -2400,
                        new BigDecimal("-3.32"),
                        17654321,
                        1234567890000L,
                        72000,
                        72100,
                        69500,
                        93800,
                        50600,
                        72200,
                        100,
                        "55",
                        false,
                        4166872)));
    }

    @Test
    void a_price_of_the_wrong_form_is_a_value_that_names_the_field() {
        String body = Golden.text("price.json").replace("\"69800\"", "\"6980O\"");

        assertThat(PriceAnswer.parse(RestReply.parse(200, body)))
                .isEqualTo(new ParseResult.Bad<PriceAnswer>("stck_prpr", "stck_prpr is \"6980O\""));
        assertThat(PriceAnswer.parse(RestReply.parse(200, Golden.text("igw00009.json"))))
                .isEqualTo(new ParseResult.Bad<PriceAnswer>("output", "output is missing"));
    }

    @Test
    void a_balance_is_read_without_the_positions_that_were_sold() {
        ParseResult<BalanceAnswer> read = BalanceAnswer.parse(RestReply.parse(200, Golden.text("balance.json")));

        assertThat(read).isInstanceOfSatisfying(ParseResult.Ok.class, ok -> {
            BalanceAnswer balance = (BalanceAnswer) ok.value();
            assertThat(balance.holdings()).singleElement().satisfies(holding -> {
                assertThat(holding.symbol().code()).isEqualTo("005930");
                assertThat(holding.qty()).isEqualTo(10);
                assertThat(holding.sellableQty()).isEqualTo(7);
                assertThat(holding.avgPrice()).isEqualByComparingTo("135440.2517");
                assertThat(holding.pnl()).isEqualTo(-653402);
            });
            assertThat(balance.cash().deposit()).isEqualTo(1_000_000_000);
            assertThat(balance.cash().depositD2()).isEqualTo(998_645_598);
            assertThat(balance.cash().totalValue()).isEqualTo(999_346_598);
        });
    }

    @Test
    void daily_orders_are_read_with_their_cancels_and_rejects() {
        ParseResult<java.util.List<DailyOrderRow>> read =
                DailyOrderRow.parseAll(RestReply.parse(200, Golden.text("daily-orders.json")));

        assertThat(read).isInstanceOf(ParseResult.Ok.class);
        var rows = ((ParseResult.Ok<java.util.List<DailyOrderRow>>) read).value();
        assertThat(rows).hasSize(3);
        DailyOrderRow order = rows.get(0);
        assertThat(order.odno()).isEqualTo(12346);
        assertThat(order.side()).isEqualTo(Side.BUY);
        assertThat(order.originalOdno()).isZero();
        assertThat(order.totCcldQty()).isEqualTo(3);
        assertThat(order.cncCfrmQty()).isEqualTo(7);
        assertThat(order.exchange()).isEqualTo("KRX");
        assertThat(order.isCancelRow()).isFalse();
        assertThat(rows.get(1).isCancelRow()).isTrue();
        assertThat(rows.get(1).originalOdno()).isEqualTo(12346);
        assertThat(rows.get(1).cncCfrmQty()).isEqualTo(7);
        assertThat(rows.get(2).isRejected()).isTrue();
        assertThat(rows.get(2).odno()).isEqualTo(51378);
        assertThat(rows.get(2).side()).isEqualTo(Side.SELL);
    }

    @Test
    void an_ambiguous_side_makes_the_list_unreadable() {
        String body =
                Golden.text("daily-orders.json").replace("\"sll_buy_dvsn_cd\":\"01\"", "\"sll_buy_dvsn_cd\":\"1\"");

        assertThat(DailyOrderRow.parseAll(RestReply.parse(200, body)))
                .isInstanceOfSatisfying(
                        ParseResult.Bad.class, bad -> assertThat(bad.field()).isEqualTo("sll_buy_dvsn_cd"));
    }

    @Test
    void nothing_of_an_account_shows_in_a_log() {
        RestReply reply = RestReply.parse(200, Golden.text("balance.json"));

        assertThat(reply + " " + reply.rows("output1")).doesNotContain("1354402", "005930");
    }

    private static Row row(String json) {
        return RestReply.parse(200, json).root().orElseThrow();
    }

    @Test
    void a_number_has_at_most_forty_characters_and_no_exponent() {
        Row row =
                row("{\"forty\":\"" + "0".repeat(38) + "15\",\"more\":\"" + "0".repeat(39) + "15\",\"power\":\"1E5\"}");

        assertThat(row.won("forty")).isEqualTo(15);
        assertThatThrownBy(() -> row.won("more")).isInstanceOf(BadFieldException.class);
        assertThatThrownBy(() -> row.decimal("power")).hasMessage("power is \"1E5\"");
    }

    @Test
    void a_long_value_is_cut_off_in_the_message() {
        Row row = row("{\"forty\":\"" + "x".repeat(40) + "\",\"more\":\"" + "x".repeat(41) + "\"}");

        assertThatThrownBy(() -> row.won("forty")).hasMessage("forty is \"" + "x".repeat(40) + "\"");
        assertThatThrownBy(() -> row.won("more")).hasMessage("more is \"" + "x".repeat(40) + "…\"");
    }

    @Test
    void a_value_is_found_at_the_root_or_in_the_first_row_of_a_block() {
        RestReply reply = RestReply.parse(
                200,
                "{\"rt_cd\":\"0\",\"ctx_area_fk100\":\"root\",\"list\":[{\"a\":\"first\"},{\"a\":\"second\",\"b\":\"late\"}],"
                        + "\"object\":{\"a\":\"object\",\"c\":\"c\",\"ctx_area_fk100\":\"inner\"},\"words\":[\"x\"]}");

        assertThat(reply.findAnywhere("CTX_AREA_FK100")).isEqualTo("root");
        assertThat(reply.findAnywhere("a")).isEqualTo("first");
        assertThat(reply.findAnywhere("c")).isEqualTo("c");
        assertThat(reply.findAnywhere("b")).as("in a second row").isEmpty();
        assertThat(reply.findAnywhere("nowhere")).isEmpty();
        assertThat(RestReply.parse(502, "<html>").findAnywhere("a")).isEmpty();
    }

    @Test
    void a_value_at_the_root_is_no_block() {
        RestReply reply = RestReply.parse(200, "{\"rt_cd\":\"0\",\"output\":\"\",\"number\":7}");

        assertThat(reply.rows("rt_cd")).isEmpty();
        assertThat(reply.row("number")).isEmpty();
        assertThat(reply.isSuccess("output")).isFalse();
    }

    @Test
    void a_log_shows_the_envelope_and_the_size_of_a_row() {
        RestReply reply =
                RestReply.parse(500, "{\"rt_cd\":\"1\",\"msg_cd\":\"EGW00201\",\"msg1\":\"초당 거래건수를 초과하였습니다.  \"}");

        assertThat(reply).hasToString("RestReply[http=500 rt_cd=1 msg_cd=EGW00201 msg1=초당 거래건수를 초과하였습니다.]");
        assertThat(reply.root().orElseThrow()).hasToString("Row[3 fields]");
    }
}
