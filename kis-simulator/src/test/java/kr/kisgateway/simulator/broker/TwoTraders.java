package kr.kisgateway.simulator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** Two accounts in one stock by the exchanges' hours, without agents: every fill is explained by their orders. */
final class TwoTraders {
    /** Buys. */
    static final String ME = "11111111";

    /** Sells, and has 1,000 shares for it. */
    static final String YOU = "22222222";

    static final String SAMSUNG = "005930";

    /** The stock's base price of the listing, and its tick. */
    static final long BASE = 199_400;

    static final long TICK = 100;
    static final Map<String, String> NXT = Map.of("EXCG_ID_DVSN_CD", "NXT");
    static final Map<String, String> SOR = Map.of("EXCG_ID_DVSN_CD", "SOR");

    private TwoTraders() {}

    /** At a Korean time, with the notices registered on session 1. */
    static TestBroker at(String local) {
        TestBroker broker = TestBroker.at(local, 0).withShares(YOU, SAMSUNG, 1_000);
        broker.listen();
        return broker;
    }

    static String buy(TestBroker broker, String dvsn, long qty, long price) {
        return odno(broker.order(ME, true, SAMSUNG, dvsn, qty, price));
    }

    static String sell(TestBroker broker, String dvsn, long qty, long price) {
        return odno(broker.order(YOU, false, SAMSUNG, dvsn, qty, price));
    }

    /** The number of an order that was accepted. */
    static String odno(TestBroker.Answer answer) {
        assertThat(answer.text("msg_cd")).as(answer.body()).isEqualTo("APBK0013");
        return answer.text("output", "ODNO");
    }

    /** The code of an order that was refused. */
    static String refused(TestBroker.Answer answer) {
        assertThat(answer.text("rt_cd")).as(answer.body()).isEqualTo("7");
        return answer.text("msg_cd");
    }
}
