package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.BalanceAnswer;
import kr.kisgateway.wire.parse.DailyOrderRow;
import kr.kisgateway.wire.parse.OrderVerdict;
import kr.kisgateway.wire.parse.ParseResult;
import kr.kisgateway.wire.parse.PriceAnswer;
import kr.kisgateway.wire.parse.RestReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parsers of kis-wire read what the simulator writes by hand: two independent readings of one protocol. */
class SimulatorReadByWireTest {
    private static final String CANO = "40000001";

    @TempDir
    Path folder;

    @Test
    void the_wire_module_reads_prices_orders_lists_and_balances_correctly() {
        try (KisSimulator simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db")))) {
            RawClient client = new RawClient(simulator, "PSWIRE000000000000000000000000000001").login();

            assertThat(PriceAnswer.parse(reply(client.get(
                            "/uapi/domestic-stock/v1/quotations/inquire-price?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=005930",
                            Map.of("tr_id", "FHKST01010100")))))
                    .isInstanceOf(ParseResult.Ok.class);
            OrderVerdict bought = verdictOf(client.order(CANO, "TTTC0012U", "005930", "01", "3", "0"));
            assertThat(bought).isInstanceOf(OrderVerdict.Accepted.class);
            OrderVerdict.Accepted resting =
                    (OrderVerdict.Accepted) verdictOf(client.order(CANO, "TTTC0012U", "005930", "00", "4", "150000"));
            assertThat(verdictOf(client.post(
                            RawClient.TRADING + "order-rvsecncl",
                            Map.of("tr_id", "TTTC0013U"),
                            "{\"CANO\":\"" + CANO + "\",\"ACNT_PRDT_CD\":\"01\",\"KRX_FWDG_ORD_ORGNO\":\""
                                    + resting.orgNo()
                                    + "\",\"ORGN_ODNO\":\"" + resting.odno()
                                    + "\",\"ORD_DVSN\":\"00\",\"RVSE_CNCL_DVSN_CD\":"
                                    + "\"02\",\"ORD_QTY\":\"0\",\"ORD_UNPR\":\"0\",\"QTY_ALL_ORD_YN\":\"Y\"}")))
                    .isInstanceOf(OrderVerdict.Accepted.class);
            assertThat(verdictOf(client.order(CANO, "TTTC0012U", "005930", "00", "1", "150050")))
                    .isInstanceOf(OrderVerdict.Refused.class);
            client.post("/simulator/faults", Map.of(), "{\"broken_answers\":1}");
            assertThat(verdictOf(client.order(CANO, "TTTC0012U", "005930", "00", "1", "150000")))
                    .isInstanceOf(OrderVerdict.InDoubt.class);
            client.post("/simulator/faults", Map.of(), "{\"ledger_limit_storm\":1}");
            assertThat(verdictOf(client.order(CANO, "TTTC0012U", "005930", "00", "1", "150000")))
                    .isInstanceOf(OrderVerdict.NotTaken.class);

            List<DailyOrderRow> rows = reply(client.daily(CANO)).rows("output1").stream()
                    .map(DailyOrderRow::parse)
                    .toList();
            assertThat(rows).hasSize(4);
            DailyOrderRow first = rows.getFirst();
            assertThat(first.odno()).isEqualTo(((OrderVerdict.Accepted) bought).odno());
            assertThat(first.side()).isEqualTo(Side.BUY);
            assertThat(first.totCcldQty()).isEqualTo(3);
            assertThat(first.isCancelRow() || first.isModifyRow()).isFalse();
            assertThat(rows.get(1).cncCfrmQty()).isEqualTo(4);
            assertThat(rows.get(1).isCancelRow()).isFalse();
            assertThat(rows.get(2).isCancelRow()).isTrue();
            assertThat(rows.get(2).originalOdno()).isEqualTo(resting.odno());
            assertThat(rows.get(3).rmnQty()).isEqualTo(1);

            ParseResult<BalanceAnswer> read = BalanceAnswer.parse(reply(client.balance(CANO)));
            assertThat(read).isInstanceOf(ParseResult.Ok.class);
            BalanceAnswer balance = ((ParseResult.Ok<BalanceAnswer>) read).value();
            assertThat(balance.holdings()).hasSize(1);
            BalanceAnswer.Holding holding = balance.holdings().getFirst();
            assertThat(holding.symbol()).isEqualTo(new Symbol("005930"));
            assertThat(holding.qty()).isEqualTo(3);
            assertThat(holding.avgPrice().multiply(BigDecimal.valueOf(3)))
                    .isEqualByComparingTo(BigDecimal.valueOf(holding.cost()));
        }
    }

    private static RestReply reply(HttpResponse<String> answer) {
        return RestReply.parse(answer.statusCode(), answer.body());
    }

    private static OrderVerdict verdictOf(HttpResponse<String> answer) {
        return OrderVerdict.evaluate(answer.statusCode(), answer.body());
    }
}
