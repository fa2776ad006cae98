package kr.kisgateway.gateway.chat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** What commands report and do. */
public interface CommandActions {
    /**
     * The state of the gateway.
     *
     * @param environment {@code sim}, {@code mock} or {@code live}
     * @param blockers why it cannot trade; none when it can
     * @param killSwitch why the kill switch is on; empty while it is off
     * @param openOrders orders that have not ended
     * @param unknownOrders of these, those whose result is unknown
     * @param alerts that persist, newest first
     */
    record Status(
            String environment,
            List<String> blockers,
            Optional<String> killSwitch,
            int openOrders,
            int unknownOrders,
            List<OpenAlert> alerts) {
        public Status {
            blockers = List.copyOf(blockers);
            alerts = List.copyOf(alerts);
        }
    }

    /** @param acknowledgedBy who has taken note of it */
    record OpenAlert(String level, String event, String subject, Optional<String> acknowledgedBy) {}

    /**
     * A position of an account.
     *
     * @param price last one, in the currency
     * @param profit not realised, in the currency
     */
    record Position(
            String account,
            String symbol,
            String name,
            long qty,
            BigDecimal price,
            BigDecimal profit,
            String currency) {}

    /**
     * Positions, and accounts whose positions are unknown.
     *
     * @param unknown aliases
     */
    record Positions(List<Position> positions, List<String> unknown) {
        public Positions {
            positions = List.copyOf(positions);
            unknown = List.copyOf(unknown);
        }
    }

    /**
     * An order that has not ended.
     *
     * @param price its limit; empty for one at the market
     */
    record OpenOrder(
            String id,
            String account,
            String symbol,
            String side,
            long qty,
            long filled,
            Optional<BigDecimal> price,
            String status) {}

    /** How setting the kill switch ended. */
    enum KillResult {
        /** It is on, and recorded. */
        ON,
        /** It is on in this process, and could not be recorded. */
        ON_NOT_RECORDED
    }

    Status status();

    /** May wait for the broker. */
    Positions positions();

    List<OpenOrder> orders();

    /**
     * Sets the kill switch.
     *
     * @param by the principal
     */
    KillResult kill(String reason, String by);
}
